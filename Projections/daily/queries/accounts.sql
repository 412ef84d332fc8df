-- The accounts that used most of a unit between two days, net of refunds; of all or some features, models and platforms. Both days count.
-- What was recorded with quantities alone is in no records. A share is of the net of all accounts, in hundredths of a percent.
-- param tenant text required
-- param from day required
-- param to day required
-- param unit text required
-- param feature text
-- param features texts
-- param models texts
-- param platforms texts
-- param top integer default 20 min 1 max 1000
-- returns account text, amount integer, count integer, refunded integer, refunds integer
-- returns net integer, recorded integer, records integer, share integer
SELECT
    account, amount, count, refunded, refunds, net, recorded, records,
    CAST(round(10000.0 * net / nullif(sum(net) OVER (), 0)) AS INTEGER) AS share
FROM (
    SELECT
        account, sum(iif(kind = 0, amount, 0)) AS amount, sum(iif(kind = 0, count, 0)) AS count,
        sum(iif(kind = 1, amount, 0)) AS refunded, sum(iif(kind = 1, count, 0)) AS refunds,
        sum(iif(kind = 0, amount, 0)) - sum(iif(kind = 1, amount, 0)) AS net,
        sum(iif(kind = 2, amount, 0)) AS recorded, sum(iif(kind = 2, count, 0)) AS records
    FROM accounts
    WHERE tenant = :tenant AND day >= :from AND day <= :to AND unit = :unit AND (:feature IS NULL OR feature = :feature)
        AND (:features IS NULL OR feature IN (SELECT value FROM json_each(:features)))
        AND (:models IS NULL OR model IN (SELECT value FROM json_each(:models)))
        AND (:platforms IS NULL OR platform IN (SELECT value FROM json_each(:platforms)))
    GROUP BY account
)
ORDER BY net DESC, account
LIMIT :top;
