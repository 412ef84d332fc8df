-- The accounts that spent most of a unit in the last hours, of which this hour is one.
-- param tenant text required
-- param unit text required
-- param hours integer default 24 min 1 max 168
-- param top integer default 10 min 1 max 1000
-- returns rank integer, account text, amount integer
SELECT row_number() OVER (ORDER BY sum(used) - sum(refunded) DESC, account) AS rank, account, sum(used) - sum(refunded) AS amount
FROM spent
WHERE tenant = :tenant AND unit = :unit AND hour > :now / 3600000000 - :hours AND hour <= :now / 3600000000
GROUP BY account
ORDER BY rank
LIMIT :top;
