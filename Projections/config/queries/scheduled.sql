-- What is still to come into force, in order of the documents' keys: a null value will delete the document.
-- param tenant text required
-- param limit integer default 100 min 1 max 1000
-- returns key text, effectiveAt timestamp, value json, reason text, seq integer, at timestamp, id text, peer integer, actor text
-- page key up
SELECT key, effectiveAt, value, reason, seq, at, id, peer, actor
FROM scheduled
WHERE tenant = :tenant AND key > :after_key
ORDER BY key
LIMIT :limit;
