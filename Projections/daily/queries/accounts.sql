-- The accounts that used most of a unit between two days, net of refunds; of one feature or all. Both days count.
-- param tenant text required
-- param from day required
-- param to day required
-- param unit text required
-- param feature text
-- param top integer default 20 min 1 max 1000
-- returns account text, amount integer, count integer, refunded integer, refunds integer
-- returns net integer, recorded integer, records integer
SELECT
    account, sum(amount) AS amount, sum(count) AS count, sum(refunded) AS refunded, sum(refunds) AS refunds,
    sum(amount) - sum(refunded) AS net, sum(recorded) AS recorded, sum(records) AS records
FROM accounts
WHERE tenant = :tenant AND day >= :from AND day <= :to AND unit = :unit AND (:feature IS NULL OR feature = :feature)
GROUP BY account
ORDER BY net DESC, account
LIMIT :top;
