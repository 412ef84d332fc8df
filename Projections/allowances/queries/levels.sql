-- What the windows that end between two instants come to, per plan, unit and period: how many, their limits and what was used of them
-- together, and how many were used to 80, 95 and 100 per cent or more. The windows of a month end after its first instant, and through the
-- first of the next. Those without limit stand apart. A window that ends before its time, with its subscription or its account, is counted
-- under the next full hour.
-- param tenant text required
-- param after timestamp required
-- param through timestamp required
-- param plans texts
-- param units texts
-- param periods texts oneof day|month|never
-- returns plan text, unit text, period text, unlimited boolean, windows integer, limit integer, used integer, percent integer
-- returns at80 integer, at95 integer, at100 integer
SELECT
    plan, unit, period, unlimited, windows,
    CASE WHEN unlimited THEN NULL WHEN limitUpper >= 2147483648 THEN 9223372036854775807 ELSE limitUpper * 4294967296 + limitLower END
        AS "limit",
    iif(usedUpper >= 2147483648, 9223372036854775807, usedUpper * 4294967296 + usedLower) AS used,
    CAST(
        (usedUpper * 4294967296.0 + usedLower) * 100 / nullif(iif(unlimited, 0, limitUpper * 4294967296.0 + limitLower), 0) AS INTEGER
    ) AS percent,
    at80, at95, at100
FROM (
    SELECT
        plan, unit, period, unlimited, sum(windows) AS windows,
        sum(limitUpper) + sum(limitLower) / 4294967296 AS limitUpper, sum(limitLower) % 4294967296 AS limitLower,
        sum(usedUpper) + sum(usedLower) / 4294967296 AS usedUpper, sum(usedLower) % 4294967296 AS usedLower,
        sum(at80) AS at80, sum(at95) AS at95, sum(at100) AS at100
    FROM levels
    WHERE tenant = :tenant AND endsAt > :after AND endsAt <= :through AND endsAt < 9223372036854775807
        AND (:plans IS NULL OR plan IN (SELECT value FROM json_each(:plans)))
        AND (:units IS NULL OR unit IN (SELECT value FROM json_each(:units)))
        AND (:periods IS NULL OR period IN (SELECT value FROM json_each(:periods)))
    GROUP BY plan, unit, period, unlimited
)
ORDER BY plan, unit, period, unlimited;
