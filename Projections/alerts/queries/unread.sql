-- The alerts of a tenant that nobody has read, newest first; of one account or all.
-- param tenant text required
-- param account text
-- param limit integer default 50 min 1 max 1000
-- returns seq integer, at timestamp, rule text, severity text, kind text, account text, unit text, key text, hold text
-- returns deliveredAt timestamp, event json
-- page seq down
SELECT seq, at, rule, severity, kind, account, unit, key, hold, deliveredAt, event
FROM alerts
WHERE tenant = :tenant AND readAt IS NULL AND seq < :after_seq AND (:account IS NULL OR account = :account)
ORDER BY seq DESC
LIMIT :limit;
