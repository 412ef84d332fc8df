-- The synchronisations with providers that were reported, newest first: of some platforms or statuses, in a time, or all. Text is looked for
-- in the error, whatever the case of its letters A to Z.
-- param tenant text required
-- param platforms texts
-- param statuses texts oneof succeeded|partial|failed
-- param since timestamp
-- param until timestamp
-- param text text
-- param limit integer default 50 min 1 max 1000
-- returns seq integer, at timestamp, platform text, status text, from timestamp, to timestamp, counts json, error text, id text
-- returns peer integer, actor text
-- page seq down
SELECT seq, at, platform, status, beganAt AS "from", endedAt AS "to", counts, error, id, peer, actor
FROM syncs
WHERE tenant = :tenant AND seq < :after_seq
    AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)
    AND (:platforms IS NULL OR platform IN (SELECT value FROM json_each(:platforms)))
    AND (:statuses IS NULL OR status IN (SELECT value FROM json_each(:statuses)))
    AND (:text IS NULL OR instr(lower(error), lower(:text)))
ORDER BY seq DESC
LIMIT :limit;
