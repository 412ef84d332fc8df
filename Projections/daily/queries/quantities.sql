-- The sum of each dimension between two days; of a tenant or one account, and of one feature or all. Both days count.
-- param tenant text required
-- param from day required
-- param to day required
-- param account text
-- param feature text
-- returns dimension text, quantity integer, refunded integer, net integer, recorded integer
SELECT dimension, sum(quantity) AS quantity, sum(refunded) AS refunded, sum(quantity) - sum(refunded) AS net, sum(recorded) AS recorded
FROM (
    SELECT feature, dimension, quantity, refunded, recorded FROM totalQuantities
    WHERE :account IS NULL AND tenant = :tenant AND day >= :from AND day <= :to
    UNION ALL
    SELECT a.feature, a.dimension, a.quantity, a.refunded, a.recorded
    FROM days AS d CROSS JOIN accountQuantities AS a
    WHERE :account IS NOT NULL AND d.tenant = :tenant AND d.day >= :from AND d.day <= :to
        AND a.tenant = d.tenant AND a.day = d.day AND a.account = :account
)
WHERE :feature IS NULL OR feature = :feature
GROUP BY dimension
ORDER BY dimension;
