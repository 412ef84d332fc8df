-- All versions of a document, newest first: what it was, who changed it, when and why.
-- param tenant text required
-- param key text required
-- param limit integer default 50 min 1 max 1000
-- returns key text, version integer, value json, reason text, rollbackOf integer, effectiveAt timestamp, seq integer, at timestamp
-- returns id text, peer integer, actor text
-- page version down
SELECT key, version, value, reason, rollbackOf, effectiveAt, seq, at, id, peer, actor
FROM versions
WHERE tenant = :tenant AND key = :key AND version < :after_version
ORDER BY version DESC
LIMIT :limit;
