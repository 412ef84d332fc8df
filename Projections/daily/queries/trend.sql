-- What was debited and refunded, per unit: day by day, week by week or month by month; of a tenant or one account, of all or some features,
-- models, platforms and keys. A row's day is the first of its period: of a week the Monday, of a month the 1st. Both from and to count; a
-- period that they cut is counted as far as it lies between them. A use counts in each unit that it has an amount in; what was recorded
-- with quantities alone is in no records.
-- param tenant text required
-- param from day required
-- param to day required
-- param account text
-- param by text default day oneof day|week|month
-- param feature text
-- param features texts
-- param models texts
-- param platforms texts
-- param keys texts
-- param unit text
-- param limit integer default 366 min 1 max 5000
-- returns day day, unit text, amount integer, count integer, refunded integer, refunds integer
-- returns net integer, recorded integer, records integer
-- page day up, unit up
SELECT
    period AS day, unit, sum(iif(kind = 0, amount, 0)) AS amount, sum(iif(kind = 0, count, 0)) AS count,
    sum(iif(kind = 1, amount, 0)) AS refunded, sum(iif(kind = 1, count, 0)) AS refunds,
    sum(iif(kind = 0, amount, 0)) - sum(iif(kind = 1, amount, 0)) AS net,
    sum(iif(kind = 2, amount, 0)) AS recorded, sum(iif(kind = 2, count, 0)) AS records
FROM (
    SELECT CASE :by WHEN 'week' THEN d.week WHEN 'month' THEN d.month ELSE d.day END AS period,
        t.feature, t.unit, t.model, t.platform, t.kind, t.amount, t.count
    FROM days AS d CROSS JOIN totals AS t
    WHERE :account IS NULL AND :keys IS NULL AND d.tenant = :tenant AND d.day >= max(:from, :after_day) AND d.day <= :to
        AND t.tenant = :tenant AND t.day = +d.day
    UNION ALL
    SELECT CASE :by WHEN 'week' THEN d.week WHEN 'month' THEN d.month ELSE d.day END AS period,
        a.feature, a.unit, a.model, a.platform, a.kind, a.amount, a.count
    FROM days AS d CROSS JOIN accounts AS a
    WHERE :account IS NOT NULL AND d.tenant = :tenant AND d.day >= max(:from, :after_day) AND d.day <= :to
        AND a.tenant = :tenant AND a.day = +d.day AND a.account = :account
        AND (:keys IS NULL OR a.key IN (SELECT value FROM json_each(:keys)))
    UNION ALL
    SELECT CASE :by WHEN 'week' THEN d.week WHEN 'month' THEN d.month ELSE d.day END AS period,
        a.feature, a.unit, a.model, a.platform, a.kind, a.amount, a.count
    FROM keys AS k CROSS JOIN days AS d CROSS JOIN accounts AS a
    WHERE :account IS NULL AND k.tenant = :tenant AND k.key IN (SELECT value FROM json_each(:keys))
        AND d.tenant = :tenant AND d.day >= max(:from, :after_day) AND d.day <= :to
        AND a.tenant = :tenant AND a.day = +d.day AND a.account = k.account AND a.key = k.key
)
WHERE (:feature IS NULL OR feature = :feature) AND (:unit IS NULL OR unit = :unit) AND (period, unit) > (:after_day, :after_unit)
    AND (:features IS NULL OR feature IN (SELECT value FROM json_each(:features)))
    AND (:models IS NULL OR model IN (SELECT value FROM json_each(:models)))
    AND (:platforms IS NULL OR platform IN (SELECT value FROM json_each(:platforms)))
GROUP BY period, unit
ORDER BY period, unit
LIMIT :limit;
