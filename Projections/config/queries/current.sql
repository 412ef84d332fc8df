-- The documents in force, each at its newest version, in order of their keys; those that were deleted are left out.
-- param tenant text required
-- param prefix text
-- param limit integer default 100 min 1 max 1000
-- returns key text, version integer, value json, reason text, seq integer, at timestamp, peer integer, actor text
-- page key up
SELECT key, max(version) AS version, value, reason, seq, at, peer, actor
FROM versions
WHERE tenant = :tenant AND key > :after_key AND (:prefix IS NULL OR substr(key, 1, length(:prefix)) = :prefix)
GROUP BY key
HAVING value IS NOT NULL
ORDER BY key
LIMIT :limit;
