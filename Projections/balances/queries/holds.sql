-- The open holds of a tenant or of one account, in order of the accounts and of the holds' ids. One that is due is open until its end is
-- written.
-- param tenant text required
-- param account text
-- param limit integer default 100 min 1 max 1000
-- returns account text, hold text, amounts json, expiresAt timestamp, feature text, quantities json, key text, batch text, labels json
-- returns seq integer, at timestamp
-- page account up, hold up
SELECT account, hold, amounts, expiresAt, feature, quantities, key, batch, labels, seq, at
FROM holds
WHERE tenant = :tenant AND account >= coalesce(:account, :after_account) AND (:account IS NULL OR account = :account)
    AND (account, hold) > (:after_account, :after_hold)
ORDER BY account, hold
LIMIT :limit;
