-- The history of an account, newest first: debits, settlements and captured holds with what was refunded of them, refunds, recorded uses,
-- and each batch as one line per unit and feature, at the place of its first event. Items are those with an amount in the unit. The
-- quantities of a use stand with its first unit alone. From and to are days as reports count them, both included; since and until bound the
-- ledger's time, until not included. A label is given as name=value, and a line has all that are given. Text is found in ids, names of
-- batches and reasons, and in the names and values of labels and details, whatever the case of its letters A to Z. A batch is found by its
-- items' keys, models, platforms and statuses, but not by their ids (usage.batch finds these), and then is the sum of the items that match;
-- its key and labels are told when these items are the same in all four.
-- param tenant text required
-- param account text required
-- param feature text
-- param features texts
-- param units texts
-- param keys texts
-- param kinds texts oneof debit|settlement|capture|refund|batch|record
-- param models texts
-- param platforms texts
-- param statuses texts
-- param labels texts
-- param batch text
-- param text text
-- param minAmount integer
-- param maxAmount integer
-- param from day
-- param to day
-- param since timestamp
-- param until timestamp
-- param limit integer default 50 min 1 max 1000
-- returns seq integer, kind text, at timestamp, lastAt timestamp, day day, id text, feature text, unit text, amount integer
-- returns refunded integer, batch text, items integer, of text, hold text, method text, shortfall integer, key text, quantities json
-- returns labels json, reason text, details json
-- page seq down, unit down, feature down
SELECT
    l.seq AS seq, l.kind AS kind, l.at AS at, coalesce(max(l.lastAt), l.at) AS lastAt, l.day AS day, l.id AS id,
    nullif(l.feature, '') AS feature, nullif(l.unit, '') AS unit, sum(l.amount) AS amount, sum(l.refunded) AS refunded,
    l.batch AS batch, sum(l.items) AS items, l.of AS of, l.hold AS hold, l.method AS method, l.shortfall AS shortfall,
    iif(count(*) = 1, l.key, NULL) AS key, l.quantities AS quantities, iif(count(*) = 1, l.labels, NULL) AS labels, l.reason AS reason,
    l.details AS details
FROM chunks AS c CROSS JOIN lines AS l
WHERE c.chunk <= :after_seq / 65536 AND (:until IS NULL OR c.firstAt < :until)
    AND (:since IS NULL OR c.chunk >= coalesce((SELECT max(chunk) FROM chunks WHERE firstAt < :since), 0))
    AND l.chunk = c.chunk AND l.tenant = :tenant AND l.account = :account AND l.inside = ''
    AND (l.seq, l.unit, l.feature) < (:after_seq, :after_unit, :after_feature)
    AND (:from IS NULL OR l.day >= :from) AND (:to IS NULL OR l.day <= :to)
    AND (:since IS NULL OR l.at >= :since) AND (:until IS NULL OR l.at < :until)
    AND (:feature IS NULL OR l.feature = :feature) AND (:batch IS NULL OR l.batch = :batch)
    AND (:features IS NULL OR l.feature IN (SELECT value FROM json_each(:features)))
    AND (:units IS NULL OR l.unit IN (SELECT value FROM json_each(:units)))
    AND (:keys IS NULL OR l.key IN (SELECT value FROM json_each(:keys)))
    AND (:kinds IS NULL OR l.kind IN (SELECT value FROM json_each(:kinds)))
    AND (:models IS NULL OR l.labels ->> '$.model' IN (SELECT value FROM json_each(:models)))
    AND (:platforms IS NULL OR l.labels ->> '$.platform' IN (SELECT value FROM json_each(:platforms)))
    AND (:statuses IS NULL OR l.labels ->> '$.status' IN (SELECT value FROM json_each(:statuses)))
    AND (:labels IS NULL OR NOT EXISTS (
        SELECT 1 FROM json_each(:labels) AS w
        WHERE NOT EXISTS (SELECT 1 FROM json_each(l.labels) AS h WHERE h.key || '=' || h.value = w.value)
    ))
    AND (
        :text IS NULL OR instr(lower(l.id), lower(:text)) OR instr(lower(l.batch), lower(:text)) OR instr(lower(l.of), lower(:text))
        OR instr(lower(l.hold), lower(:text)) OR instr(lower(l.reason), lower(:text))
        OR EXISTS (
            SELECT 1 FROM json_each(l.labels) AS t WHERE instr(lower(t.key), lower(:text)) OR instr(lower(t.value), lower(:text))
        )
        -- The key of an array's element is its place.
        OR EXISTS (
            SELECT 1 FROM json_tree(l.details) AS t
            WHERE typeof(t.key) = 'text' AND instr(lower(t.key), lower(:text))
                OR instr(lower(iif(t.type IN ('true', 'false'), t.type, t.atom)), lower(:text))
        )
    )
GROUP BY c.chunk, l.seq, l.unit, l.feature
HAVING (:minAmount IS NULL OR sum(l.amount) >= :minAmount) AND (:maxAmount IS NULL OR sum(l.amount) <= :maxAmount)
ORDER BY c.chunk DESC, l.seq DESC, l.unit DESC, l.feature DESC
LIMIT :limit;
