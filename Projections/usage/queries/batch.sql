-- The items of one batch, which is one line in the history, in the order in which they were debited or settled; one row per unit that an
-- item paid in, of which the first has its quantities. Text is found in ids and in the names and values of labels and details, whatever the
-- case of its letters A to Z.
-- param tenant text required
-- param account text required
-- param batch text required
-- param text text
-- param limit integer default 100 min 1 max 1000
-- returns seq integer, unit text, id text, hold text, at timestamp, day day, feature text, amount integer, refunded integer, key text
-- returns quantities json, labels json, details json
-- page seq up, unit up
SELECT
    i.seq AS seq, i.unit AS unit, i.id AS id, i.hold AS hold, i.at AS at, i.day AS day, nullif(i.feature, '') AS feature,
    i.amount AS amount, i.refunded AS refunded, i.key AS key, i.quantities AS quantities, i.labels AS labels, i.details AS details
FROM batches AS b CROSS JOIN chunks AS c CROSS JOIN lines AS i
WHERE b.tenant = :tenant AND b.account = :account AND b.batch = :batch AND c.chunk >= max(b.seq, :after_seq) / 65536
    AND c.firstAt <= (
        SELECT max(l.lastAt) FROM lines AS l
        WHERE l.chunk = b.seq / 65536 AND l.tenant = :tenant AND l.account = :account AND l.inside = '' AND l.seq = b.seq
    )
    AND i.chunk = c.chunk AND i.tenant = :tenant AND i.account = :account AND i.inside = :batch
    AND (i.seq, i.unit) > (:after_seq, :after_unit)
    AND (
        :text IS NULL OR instr(lower(i.id), lower(:text)) OR instr(lower(i.hold), lower(:text))
        OR EXISTS (
            SELECT 1 FROM json_each(i.labels) AS t WHERE instr(lower(t.key), lower(:text)) OR instr(lower(t.value), lower(:text))
        )
        -- The key of an array's element is its place.
        OR EXISTS (
            SELECT 1 FROM json_tree(i.details) AS t
            WHERE typeof(t.key) = 'text' AND instr(lower(t.key), lower(:text))
                OR instr(lower(iif(t.type IN ('true', 'false'), t.type, t.atom)), lower(:text))
        )
    )
ORDER BY c.chunk, i.seq, i.unit
LIMIT :limit;
