-- The accounts that spent most of a unit in the hour of an instant, or in this hour.
-- param tenant text required
-- param unit text required
-- param at timestamp
-- param top integer default 10 min 1 max 1000
-- returns rank integer, account text, amount integer
SELECT row_number() OVER (ORDER BY used - refunded DESC, account) AS rank, account, used - refunded AS amount
FROM spent
WHERE tenant = :tenant AND unit = :unit AND hour = coalesce(:at, :now) / 3600000000
ORDER BY rank
LIMIT :top;
