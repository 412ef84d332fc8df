-- The alerts of a tenant, newest first; of one account, rule, kind, severity or state, or all.
-- param tenant text required
-- param account text
-- param rule text
-- param kind text
-- param severity text
-- param state text
-- param limit integer default 50 min 1 max 1000
-- returns seq integer, at timestamp, rule text, severity text, kind text, account text, unit text, key text, hold text, state text
-- returns deliveredAt timestamp, readAt timestamp, event json
-- page seq down
SELECT
    seq, at, rule, severity, kind, account, unit, key, hold,
    CASE WHEN readAt IS NOT NULL THEN 'read' WHEN deliveredAt IS NOT NULL THEN 'delivered' ELSE 'raised' END AS state, deliveredAt,
    readAt, event
FROM alerts
WHERE tenant = :tenant AND seq < :after_seq
    AND (:account IS NULL OR account = :account) AND (:rule IS NULL OR rule = :rule) AND (:kind IS NULL OR kind = :kind)
    AND (:severity IS NULL OR severity = :severity)
    AND (
        :state IS NULL OR :state = 'read' AND readAt IS NOT NULL
        OR :state = 'delivered' AND deliveredAt IS NOT NULL AND readAt IS NULL
        OR :state = 'raised' AND deliveredAt IS NULL AND readAt IS NULL
    )
ORDER BY seq DESC
LIMIT :limit;
