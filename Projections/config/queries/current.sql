-- The documents in force, each at its newest version, in order of their keys; those that were deleted are left out.
-- param tenant text required
-- param prefix text
-- param limit integer default 100 min 1 max 1000
-- returns key text, version integer, value json, reason text, seq integer, at timestamp, peer integer, actor text
-- page key up
SELECT
    v.key AS key, v.version AS version, v.value AS value, v.reason AS reason, v.seq AS seq, v.at AS at, v.peer AS peer, v.actor AS actor
FROM documents AS d CROSS JOIN versions AS v ON v.tenant = d.tenant AND v.key = d.key AND v.version = d.version
WHERE d.tenant = :tenant AND d.key > :after_key AND (:prefix IS NULL OR substr(d.key, 1, length(:prefix)) = :prefix)
    AND v.value IS NOT NULL
ORDER BY d.key
LIMIT :limit;
