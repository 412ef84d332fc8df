-- All changes of documents of a tenant, newest first, each with what it was before and after: null is what was not there yet, or was
-- deleted. Of some documents, kinds or actors, in a time, or all. Text is looked for in the key and the reason, whatever the case of
-- its letters A to Z.
-- param tenant text required
-- param keys texts
-- param kinds texts oneof unit|price|plan|alert|tag|tenant
-- param actors texts
-- param peer integer min 0 max 4294967295
-- param since timestamp
-- param until timestamp
-- param text text
-- param limit integer default 50 min 1 max 1000
-- returns seq integer, at timestamp, key text, version integer, change text, before json, after json, reason text, rollbackOf integer
-- returns effectiveAt timestamp, id text, peer integer, actor text
-- page seq down
SELECT
    v.seq AS seq, v.at AS at, v.key AS key, v.version AS version,
    CASE
        WHEN v.value IS NULL THEN 'deleted' WHEN v.rollbackOf IS NOT NULL THEN 'rolledBack' WHEN p.value IS NULL THEN 'made' ELSE 'changed'
    END AS change,
    p.value AS before, v.value AS after, v.reason AS reason, v.rollbackOf AS rollbackOf, v.effectiveAt AS effectiveAt, v.id AS id,
    v.peer AS peer, v.actor AS actor
FROM versions AS v INDEXED BY versionsBySeq
    LEFT JOIN versions AS p ON p.tenant = v.tenant AND p.key = v.key AND p.version = v.version - 1
WHERE v.tenant = :tenant AND v.seq < :after_seq
    AND (:since IS NULL OR v.at >= :since) AND (:until IS NULL OR v.at < :until)
    AND (:keys IS NULL OR v.key IN (SELECT value FROM json_each(:keys)))
    AND (:kinds IS NULL OR substr(v.key, 1, instr(v.key, '/') - 1) IN (SELECT value FROM json_each(:kinds)))
    AND (:actors IS NULL OR v.actor IN (SELECT value FROM json_each(:actors))) AND (:peer IS NULL OR v.peer = :peer)
    AND (:text IS NULL OR instr(lower(v.key), lower(:text)) OR instr(lower(v.reason), lower(:text)))
ORDER BY v.seq DESC
LIMIT :limit;
