-- The items of a batch in the order in which they were debited or settled; one row per unit that an item paid in.
-- param tenant text required
-- param account text required
-- param batch text required
-- param limit integer default 100 min 1 max 1000
-- returns seq integer, unit text, id text, hold text, at timestamp, day day, feature text, amount integer, refunded integer, net integer
-- returns quantities json, labels json
-- page seq up, unit up
SELECT
    i.seq AS seq, i.unit AS unit, i.id AS id, i.hold AS hold, i.at AS at, i.day AS day, i.feature AS feature, i.amount AS amount,
    i.refunded AS refunded, i.amount - i.refunded AS net, i.quantities AS quantities, i.labels AS labels
FROM batches AS b CROSS JOIN chunks AS c CROSS JOIN items AS i
WHERE b.tenant = :tenant AND b.account = :account AND b.batch = :batch AND c.chunk >= max(b.firstSeq, :after_seq) / 65536
    AND c.chunk <= (
        SELECT max(u.lastSeq) FROM units AS u WHERE u.tenant = :tenant AND u.account = :account AND u.batch = :batch
    ) / 65536
    AND i.chunk = c.chunk AND i.tenant = :tenant AND i.account = :account AND i.batch = :batch
    AND (i.seq, i.unit) > (:after_seq, :after_unit)
ORDER BY c.chunk, i.seq, i.unit
LIMIT :limit;
