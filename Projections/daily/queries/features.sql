-- What each feature came to between two days, per unit; of a tenant or one account. Both days count.
-- param tenant text required
-- param from day required
-- param to day required
-- param account text
-- returns feature text, unit text, amount integer, count integer, refunded integer, refunds integer
-- returns net integer, recorded integer, records integer
SELECT
    nullif(feature, '') AS feature, unit, sum(amount) AS amount, sum(count) AS count, sum(refunded) AS refunded, sum(refunds) AS refunds,
    sum(amount) - sum(refunded) AS net, sum(recorded) AS recorded, sum(records) AS records
FROM (
    SELECT day, feature, unit, model, platform, amount, count, refunded, refunds, recorded, records FROM totals
    WHERE :account IS NULL AND tenant = :tenant AND day >= :from AND day <= :to
    UNION ALL
    SELECT a.day, a.feature, a.unit, a.model, a.platform, a.amount, a.count, a.refunded, a.refunds, a.recorded, a.records
    FROM days AS d CROSS JOIN accounts AS a
    WHERE :account IS NOT NULL AND d.tenant = :tenant AND d.day >= :from AND d.day <= :to
        AND a.tenant = d.tenant AND a.day = d.day AND a.account = :account
)
GROUP BY feature, unit
ORDER BY net DESC, feature, unit;
