-- What each feature came to between two days, per unit; of a tenant or one account, of all or some features, models, platforms and keys.
-- Both days count. A use counts in each unit that it has an amount in; what was recorded with quantities alone is in no records. A share is
-- of the unit's net, in hundredths of a percent.
-- param tenant text required
-- param from day required
-- param to day required
-- param account text
-- param features texts
-- param models texts
-- param platforms texts
-- param keys texts
-- param unit text
-- returns feature text, unit text, amount integer, count integer, refunded integer, refunds integer
-- returns net integer, recorded integer, records integer, share integer
SELECT
    nullif(feature, '') AS feature, unit, amount, count, refunded, refunds, net, recorded, records,
    CAST(round(10000.0 * net / nullif(sum(net) OVER (PARTITION BY unit), 0)) AS INTEGER) AS share
FROM (
    SELECT
        feature, unit, sum(iif(kind = 0, amount, 0)) AS amount, sum(iif(kind = 0, count, 0)) AS count,
        sum(iif(kind = 1, amount, 0)) AS refunded, sum(iif(kind = 1, count, 0)) AS refunds,
        sum(iif(kind = 0, amount, 0)) - sum(iif(kind = 1, amount, 0)) AS net,
        sum(iif(kind = 2, amount, 0)) AS recorded, sum(iif(kind = 2, count, 0)) AS records
    FROM (
        SELECT t.feature, t.unit, t.model, t.platform, t.kind, t.amount, t.count
        FROM days AS d CROSS JOIN totals AS t
        WHERE :account IS NULL AND :keys IS NULL AND d.tenant = :tenant AND d.day >= :from AND d.day <= :to
            AND t.tenant = :tenant AND t.day = +d.day
        UNION ALL
        SELECT a.feature, a.unit, a.model, a.platform, a.kind, a.amount, a.count
        FROM days AS d CROSS JOIN accounts AS a
        WHERE :account IS NOT NULL AND d.tenant = :tenant AND d.day >= :from AND d.day <= :to
            AND a.tenant = :tenant AND a.day = +d.day AND a.account = :account
            AND (:keys IS NULL OR a.key IN (SELECT value FROM json_each(:keys)))
        UNION ALL
        SELECT a.feature, a.unit, a.model, a.platform, a.kind, a.amount, a.count
        FROM keys AS k CROSS JOIN days AS d CROSS JOIN accounts AS a
        WHERE :account IS NULL AND k.tenant = :tenant AND k.key IN (SELECT value FROM json_each(:keys))
            AND d.tenant = :tenant AND d.day >= :from AND d.day <= :to
            AND a.tenant = :tenant AND a.day = +d.day AND a.account = k.account AND a.key = k.key
    )
    WHERE (:unit IS NULL OR unit = :unit)
        AND (:features IS NULL OR feature IN (SELECT value FROM json_each(:features)))
        AND (:models IS NULL OR model IN (SELECT value FROM json_each(:models)))
        AND (:platforms IS NULL OR platform IN (SELECT value FROM json_each(:platforms)))
    GROUP BY feature, unit
)
ORDER BY net DESC, feature, unit;
