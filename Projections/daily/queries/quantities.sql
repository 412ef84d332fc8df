-- The sum of each dimension between two days; of a tenant or one account, and of all or some features. Both days count.
-- param tenant text required
-- param from day required
-- param to day required
-- param account text
-- param feature text
-- param features texts
-- returns dimension text, quantity integer, refunded integer, net integer, recorded integer
SELECT
    dimension, sum(iif(kind = 0, quantity, 0)) AS quantity, sum(iif(kind = 1, quantity, 0)) AS refunded,
    sum(iif(kind = 0, quantity, 0)) - sum(iif(kind = 1, quantity, 0)) AS net, sum(iif(kind = 2, quantity, 0)) AS recorded
FROM (
    SELECT feature, dimension, kind, quantity FROM totalQuantities
    WHERE :account IS NULL AND tenant = :tenant AND day >= :from AND day <= :to
    UNION ALL
    SELECT a.feature, a.dimension, a.kind, a.quantity
    FROM days AS d CROSS JOIN accountQuantities AS a
    WHERE :account IS NOT NULL AND d.tenant = :tenant AND d.day >= :from AND d.day <= :to
        AND a.tenant = :tenant AND a.day = +d.day AND a.account = :account
)
WHERE (:feature IS NULL OR feature = :feature) AND (:features IS NULL OR feature IN (SELECT value FROM json_each(:features)))
GROUP BY dimension
ORDER BY dimension;
