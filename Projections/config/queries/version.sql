-- One document as it was at a version.
-- param tenant text required
-- param key text required
-- param version integer required min 1
-- returns key text, version integer, value json, reason text, rollbackOf integer, effectiveAt timestamp, seq integer, at timestamp
-- returns id text, peer integer, actor text
SELECT key, version, value, reason, rollbackOf, effectiveAt, seq, at, id, peer, actor
FROM versions
WHERE tenant = :tenant AND key = :key AND version = :version;
