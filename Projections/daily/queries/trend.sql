-- Day by day what was debited and refunded, per unit; of a tenant or one account, and of one feature or all. Both days count.
-- param tenant text required
-- param from day required
-- param to day required
-- param account text
-- param feature text
-- param unit text
-- param limit integer default 366 min 1 max 5000
-- returns day day, unit text, amount integer, count integer, refunded integer, refunds integer
-- returns net integer, recorded integer, records integer
-- page day up, unit up
SELECT
    day, unit, sum(amount) AS amount, sum(count) AS count, sum(refunded) AS refunded, sum(refunds) AS refunds,
    sum(amount) - sum(refunded) AS net, sum(recorded) AS recorded, sum(records) AS records
FROM (
    SELECT day, feature, unit, model, platform, amount, count, refunded, refunds, recorded, records FROM totals
    WHERE :account IS NULL AND tenant = :tenant AND day >= max(:from, :after_day) AND day <= :to
    UNION ALL
    SELECT a.day, a.feature, a.unit, a.model, a.platform, a.amount, a.count, a.refunded, a.refunds, a.recorded, a.records
    FROM days AS d CROSS JOIN accounts AS a
    WHERE :account IS NOT NULL AND d.tenant = :tenant AND d.day >= max(:from, :after_day) AND d.day <= :to
        AND a.tenant = d.tenant AND a.day = d.day AND a.account = :account
)
WHERE (:feature IS NULL OR feature = :feature) AND (:unit IS NULL OR unit = :unit) AND (day, unit) > (:after_day, :after_unit)
GROUP BY day, unit
ORDER BY day, unit
LIMIT :limit;
