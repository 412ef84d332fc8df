-- The documents of a tenant in order of their keys, each at its newest version, with what is scheduled for it: of some kinds, changed by
-- some actors, changed last in a time, or all. Text is looked for in the key, the reason, and the names and values of the content,
-- whatever the case of its letters A to Z. Those that were deleted are left out, unless deleted adds them.
-- param tenant text required
-- param kinds texts oneof unit|price|plan|alert|tag|tenant
-- param actors texts
-- param since timestamp
-- param until timestamp
-- param text text
-- param scheduled boolean
-- param deleted boolean default false
-- param limit integer default 100 min 1 max 1000
-- returns key text, kind text, version integer, value json, reason text, seq integer, at timestamp, peer integer, actor text
-- returns firstAt timestamp, scheduledAt timestamp
-- page key up
SELECT
    d.key AS key, substr(d.key, 1, instr(d.key, '/') - 1) AS kind, v.version AS version, v.value AS value, v.reason AS reason, v.seq AS seq,
    v.at AS at, v.peer AS peer, v.actor AS actor, f.at AS firstAt, s.effectiveAt AS scheduledAt
FROM documents AS d
    CROSS JOIN versions AS v ON v.tenant = d.tenant AND v.key = d.key AND v.version = d.version
    CROSS JOIN versions AS f ON f.tenant = d.tenant AND f.key = d.key AND f.version = 1
    LEFT JOIN scheduled AS s ON s.tenant = d.tenant AND s.key = d.key
WHERE d.tenant = :tenant AND d.key > :after_key AND (v.value IS NOT NULL OR :deleted)
    AND (:kinds IS NULL OR substr(d.key, 1, instr(d.key, '/') - 1) IN (SELECT value FROM json_each(:kinds)))
    AND (:actors IS NULL OR v.actor IN (SELECT value FROM json_each(:actors)))
    AND (:since IS NULL OR v.at >= :since) AND (:until IS NULL OR v.at < :until)
    AND (:scheduled IS NULL OR (s.key IS NOT NULL) = :scheduled)
    AND (
        :text IS NULL OR instr(lower(d.key), lower(:text)) OR instr(lower(v.reason), lower(:text))
        -- The key of an array's element is its place.
        OR EXISTS (
            SELECT 1 FROM json_tree(v.value) AS t
            WHERE typeof(t.key) = 'text' AND instr(lower(t.key), lower(:text))
                OR instr(lower(iif(t.type IN ('true', 'false'), t.type, t.atom)), lower(:text))
        )
    )
ORDER BY d.key
LIMIT :limit;
