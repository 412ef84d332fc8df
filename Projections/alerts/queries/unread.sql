-- The alerts of a tenant that nobody has read, newest first; of some accounts, rules, kinds or severities, in a time, or all.
-- param tenant text required
-- param account text
-- param accounts texts
-- param rules texts
-- param kinds texts oneof lowBalance|allowanceUsed|spend|keyExpiring|keyFaulty|holdAgeing|segmentRotten|drift
-- param severities texts oneof info|warning|error
-- param since timestamp
-- param until timestamp
-- param limit integer default 50 min 1 max 1000
-- returns seq integer, at timestamp, rule text, severity text, kind text, account text, unit text, key text, hold text
-- returns deliveredAt timestamp, event json
-- page seq down
SELECT seq, at, rule, severity, kind, account, unit, key, hold, deliveredAt, event
FROM alerts INDEXED BY unread
WHERE tenant = :tenant AND readAt IS NULL AND seq < :after_seq AND (:account IS NULL OR account = :account)
    AND (:accounts IS NULL OR account IN (SELECT value FROM json_each(:accounts)))
    AND (:rules IS NULL OR rule IN (SELECT value FROM json_each(:rules)))
    AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
    AND (:severities IS NULL OR severity IN (SELECT value FROM json_each(:severities)))
    AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)
ORDER BY seq DESC
LIMIT :limit;
