-- The windows that are open now, per plan, unit and period: how many, their limits and what is used of them together, and how many are
-- used to 80, 95 and 100 per cent or more. Those without limit stand apart. Sums stay at 2^63-1.
-- param tenant text required
-- param plans texts
-- param units texts
-- returns plan text, unit text, period text, unlimited boolean, windows integer, limit integer, used integer, percent integer
-- returns at80 integer, at95 integer, at100 integer
WITH open AS (
    SELECT
        plan, unit, period, unlimited, windows, limitUpper, limitLower, usedUpper, usedLower, at80, at95, at100
    FROM levels
    WHERE tenant = :tenant AND endsAt > :now
    UNION ALL
    -- Those that have ended within this hour are still counted above.
    SELECT
        c.plan, c.unit, c.period, c.unlimited, -1, -c.limitUpper, -c.limitLower, -c.usedUpper, -c.usedLower, -c.at80, -c.at95, -c.at100
    FROM windows AS w CROSS JOIN counted AS c
    WHERE w.tenant = :tenant AND w.countedAt > w.endsAt AND w.endsAt <= :now AND w.endsAt > :now - 3600000000 AND w.countedAt > :now
        AND c.window = w.window
)
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
    FROM open
    WHERE (:plans IS NULL OR plan IN (SELECT value FROM json_each(:plans)))
        AND (:units IS NULL OR unit IN (SELECT value FROM json_each(:units)))
    GROUP BY plan, unit, period, unlimited
)
WHERE windows > 0
ORDER BY plan, unit, period, unlimited;
