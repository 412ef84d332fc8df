-- One document at its newest version. No row when it was never there; a null value when it was deleted.
-- param tenant text required
-- param key text required
-- returns key text, version integer, value json, reason text, rollbackOf integer, effectiveAt timestamp, seq integer, at timestamp
-- returns id text, peer integer, actor text
SELECT key, version, value, reason, rollbackOf, effectiveAt, seq, at, id, peer, actor
FROM versions
WHERE tenant = :tenant AND key = :key
ORDER BY version DESC
LIMIT 1;
