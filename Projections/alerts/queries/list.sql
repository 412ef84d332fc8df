-- The alerts of a tenant, newest first; of some accounts, rules, kinds, severities or states, in a time, or all.
-- param tenant text required
-- param account text
-- param rule text
-- param kind text
-- param severity text
-- param state text
-- param accounts texts
-- param rules texts
-- param kinds texts oneof lowBalance|allowanceUsed|spend|keyExpiring|keyFaulty|holdAgeing|segmentRotten|drift
-- param severities texts oneof info|warning|error
-- param since timestamp
-- param until timestamp
-- param states texts oneof raised|delivered|read
-- param limit integer default 50 min 1 max 1000
-- returns seq integer, at timestamp, rule text, severity text, kind text, account text, unit text, key text, hold text, state text
-- returns deliveredAt timestamp, readAt timestamp, event json
-- page seq down
SELECT
    seq, at, rule, severity, kind, account, unit, key, hold,
    CASE WHEN readAt IS NOT NULL THEN 'read' WHEN deliveredAt IS NOT NULL THEN 'delivered' ELSE 'raised' END AS state, deliveredAt,
    readAt, event
FROM alerts NOT INDEXED
WHERE tenant = :tenant AND seq < :after_seq
    AND (:account IS NULL OR account = :account) AND (:rule IS NULL OR rule = :rule) AND (:kind IS NULL OR kind = :kind)
    AND (:severity IS NULL OR severity = :severity)
    AND (:accounts IS NULL OR account IN (SELECT value FROM json_each(:accounts)))
    AND (:rules IS NULL OR rule IN (SELECT value FROM json_each(:rules)))
    AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
    AND (:severities IS NULL OR severity IN (SELECT value FROM json_each(:severities)))
    AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)
    AND (:state IS NULL OR iif(readAt IS NOT NULL, 'read', iif(deliveredAt IS NOT NULL, 'delivered', 'raised')) = :state)
    AND (
        :states IS NULL
        OR iif(readAt IS NOT NULL, 'read', iif(deliveredAt IS NOT NULL, 'delivered', 'raised')) IN (SELECT value FROM json_each(:states))
    )
ORDER BY seq DESC
LIMIT :limit;
