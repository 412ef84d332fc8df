-- What two versions of a document differ in, member by member, in the order of the paths: null is what is not there. Without to, the newest
-- version; without from, the one before it; version 0 is before there was any. Elements of an array are told apart by their unit (and
-- period) if they have one, else by their place; then PATH[] is the array's order. There are no rows when the two are the same, or one of
-- them is not there.
-- param tenant text required
-- param key text required
-- param from integer min 0 max 9007199254740991
-- param to integer min 0 max 9007199254740991
-- param limit integer default 1000 min 1 max 1000
-- returns path text, change text, before json, after json
-- page path up
WITH RECURSIVE
    newest (version) AS (SELECT version FROM documents WHERE tenant = :tenant AND key = :key),
    pair (before, after, newest) AS (
        SELECT coalesce(:from, coalesce(:to, version) - 1), coalesce(:to, version), version FROM newest
    ),
    chosen (side, version) AS (
        SELECT 'before', before FROM pair WHERE max(before, after) <= newest
        UNION ALL
        SELECT 'after', after FROM pair WHERE max(before, after) <= newest
    ),
    node (side, path, type, value) AS (
        SELECT chosen.side, '$', json_type(v.value), v.value
        FROM chosen CROSS JOIN versions AS v
        WHERE v.tenant = :tenant AND v.key = :key AND v.version = chosen.version AND v.value IS NOT NULL
        UNION ALL
        SELECT
            node.side,
            node.path || CASE
                WHEN node.type = 'object' THEN '.' || iif(member.key GLOB '*[^A-Za-z0-9]*', json_quote(member.key), member.key)
                WHEN member.type = 'object' THEN coalesce(
                    '[' || json_quote(member.value ->> '$.unit') || coalesce(' ' || (member.value ->> '$.period'), '') || ']',
                    format('[%d]', member.key)
                )
                ELSE format('[%d]', member.key)
            END,
            member.type,
            CASE
                WHEN member.type IN ('true', 'false', 'null') THEN member.type
                WHEN member.type IN ('object', 'array') THEN member.value
                ELSE json_quote(member.value)
            END
        FROM node CROSS JOIN json_each(node.value) AS member
        WHERE node.type IN ('object', 'array')
    ),
    leaf (side, path, value) AS (
        SELECT side, path, value FROM node WHERE type NOT IN ('object', 'array') OR value IN ('{}', '[]')
        UNION ALL
        SELECT side, path || '[]', (
            SELECT json_group_array(element.value ->> '$.unit' || coalesce(' ' || (element.value ->> '$.period'), ''))
            FROM json_each(node.value) AS element
        )
        FROM node WHERE type = 'array' AND value ->> '$[0].unit' IS NOT NULL
    )
SELECT
    path,
    CASE WHEN count(DISTINCT side) = 2 THEN 'changed' WHEN side = 'after' THEN 'added' ELSE 'removed' END AS change,
    max(iif(side = 'before', value, NULL)) AS before, max(iif(side = 'after', value, NULL)) AS after
FROM leaf
WHERE path > :after_path
GROUP BY path
HAVING max(iif(side = 'before', value, NULL)) IS NOT max(iif(side = 'after', value, NULL))
ORDER BY path
LIMIT :limit;
