-- How many batches were opened and closed, how many of their items came and were rejected, and what these cost per unit: by day or month, and
-- by feature. Both from and to count; a row's day is the first of its period. A batch counts under the feature for which it was opened, an
-- item under its own; closings and rejections name none.
-- param tenant text required
-- param from day required
-- param to day required
-- param by text default day oneof day|month
-- param features texts
-- param limit integer default 366 min 1 max 5000
-- returns day day, feature text, opened integer, closed integer, items integer, rejected integer, units json
-- page day up, feature up
SELECT
    day, nullif(feature, '') AS feature, sum(opened) AS opened, sum(closed) AS closed, sum(items) AS items, sum(rejected) AS rejected,
    json_group_array(json_object('unit', unit, 'debited', debited, 'refunded', refunded, 'net', debited - refunded))
        FILTER (WHERE unit IS NOT NULL) AS units
FROM (
    SELECT
        period AS day, feature, unit, sum(opened) AS opened, sum(closed) AS closed, sum(items) AS items, sum(rejected) AS rejected,
        sum(debited) AS debited, sum(refunded) AS refunded
    FROM (
        SELECT
            iif(:by = 'month', substr(day, 1, 8) || '01', day) AS period, feature, NULL AS unit, opened, closed, 0 AS items, rejected,
            0 AS debited, 0 AS refunded
        FROM days
        WHERE tenant = :tenant AND day >= max(:from, :after_day) AND day <= :to
        UNION ALL
        SELECT iif(:by = 'month', substr(day, 1, 8) || '01', day), feature, unit, 0, 0, items, 0, debited, refunded
        FROM dayUnits
        WHERE tenant = :tenant AND day >= max(:from, :after_day) AND day <= :to
    )
    WHERE (period, feature) > (:after_day, :after_feature)
        AND (:features IS NULL OR feature IN (SELECT value FROM json_each(:features)))
    GROUP BY period, feature, unit
)
GROUP BY day, feature
ORDER BY day, feature
LIMIT :limit;
