-- Every use of a tenant by itself, the items of batches too: debits, settlements and captured holds, one row per unit. The rows come chunk
-- by chunk of 65,536 sequence numbers, within a chunk account by account, and of an account in the order of the log; a chunk is complete
-- when the next has begun. From and to are days as reports count them, both included; since and until bound the ledger's time, until not
-- included. The id is what a refund names the use by. The quantities of a use stand with its first unit alone.
-- param tenant text required
-- param account text
-- param features texts
-- param units texts
-- param keys texts
-- param kinds texts oneof debit|settlement|capture
-- param models texts
-- param platforms texts
-- param batch text
-- param from day
-- param to day
-- param since timestamp
-- param until timestamp
-- param limit integer default 1000 min 1 max 10000
-- returns chunk integer, account text, seq integer, unit text, at timestamp, day day, kind text, id text, feature text, amount integer
-- returns refunded integer, available integer, key text, batch text, price integer, quantities json, labels json, hold text
-- returns unlimited boolean
-- page chunk up, account up, seq up, unit up
SELECT
    c.chunk AS chunk, l.account AS account, l.seq AS seq, l.unit AS unit, l.at AS at, l.day AS day, l.kind AS kind,
    iif(l.inside = '', coalesce(l.hold, l.id), l.id) AS id, nullif(l.feature, '') AS feature, l.amount AS amount,
    l.refunded AS refunded, l.available AS available, l.key AS key, nullif(l.inside, '') AS batch, l.price AS price,
    l.quantities AS quantities, l.labels AS labels, l.hold AS hold, l.unlimited AS unlimited
FROM chunks AS c CROSS JOIN lines AS l
WHERE c.chunk >= :after_chunk AND (:until IS NULL OR c.firstAt < :until)
    AND (:since IS NULL OR c.chunk >= coalesce((SELECT max(chunk) FROM chunks WHERE firstAt < :since), 0))
    AND l.chunk = c.chunk AND l.tenant = :tenant
    -- A blob comes after every text.
    AND l.account >= coalesce(:account, iif(c.chunk = :after_chunk, :after_account, '')) AND l.account <= coalesce(:account, x'')
    AND (c.chunk, l.account, l.seq, l.unit) > (:after_chunk, :after_account, :after_seq, :after_unit)
    AND (:kinds IS NULL OR l.kind IN (SELECT value FROM json_each(:kinds))) AND l.kind IN ('debit', 'settlement', 'capture')
    AND (:batch IS NULL OR l.inside = :batch) AND (:from IS NULL OR l.day >= :from) AND (:to IS NULL OR l.day <= :to)
    AND (:since IS NULL OR l.at >= :since) AND (:until IS NULL OR l.at < :until)
    AND (:features IS NULL OR l.feature IN (SELECT value FROM json_each(:features)))
    AND (:units IS NULL OR l.unit IN (SELECT value FROM json_each(:units)))
    AND (:keys IS NULL OR l.key IN (SELECT value FROM json_each(:keys)))
    AND (:models IS NULL OR l.labels ->> '$.model' IN (SELECT value FROM json_each(:models)))
    AND (:platforms IS NULL OR l.labels ->> '$.platform' IN (SELECT value FROM json_each(:platforms)))
ORDER BY c.chunk, l.account, l.seq, l.unit
LIMIT :limit;
