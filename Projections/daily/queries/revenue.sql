-- What was taken net of refunds, per unit: hour by hour, day by day or month by month. Both from and to count, as days of reports. A use
-- counts in each unit that it has an amount in. A row's day is the first of its period, and its hour the one, or the first, in which the
-- ledger wrote something of it.
-- param tenant text required
-- param from day required
-- param to day required
-- param by text default day oneof hour|day|month
-- param unit text
-- param limit integer default 366 min 1 max 5000
-- returns day day, hour timestamp, unit text, amount integer, count integer, refunded integer, refunds integer, net integer
-- page day up, hour up, unit up
SELECT
    period AS day, min(hour) * 3600000000 AS hour, unit, sum(iif(kind = 0, amount, 0)) AS amount, sum(iif(kind = 0, count, 0)) AS count,
    sum(iif(kind = 1, amount, 0)) AS refunded, sum(iif(kind = 1, count, 0)) AS refunds,
    sum(iif(kind = 0, amount, 0)) - sum(iif(kind = 1, amount, 0)) AS net
FROM (
    SELECT iif(:by = 'month', d.month, d.day) AS period, h.hour, h.unit, h.kind, h.amount, h.count
    FROM days AS d CROSS JOIN hours AS h
    WHERE d.tenant = :tenant AND d.day >= max(:from, :after_day) AND d.day <= :to AND h.tenant = :tenant AND h.day = +d.day
        AND (:unit IS NULL OR h.unit = :unit) AND h.kind < 2
)
GROUP BY period, iif(:by = 'hour', hour, 0), unit
HAVING (period, min(hour) * 3600000000, unit) > (:after_day, :after_hour, :after_unit)
ORDER BY period, min(hour), unit
LIMIT :limit;
