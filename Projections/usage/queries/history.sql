-- The history of an account, newest first: debits, settlements and captured holds with what was refunded of them, refunds, recorded uses,
-- and each batch as one line per feature and unit, at the place of its first event. From and to are days as reports count them, both
-- included; since and until bound the ledger's time, until not included.
-- param tenant text required
-- param account text required
-- param feature text
-- param from day
-- param to day
-- param since timestamp
-- param until timestamp
-- param limit integer default 50 min 1 max 1000
-- returns seq integer, kind text, at timestamp, lastAt timestamp, day day, id text, feature text, unit text, amount integer
-- returns refunded integer, batch text, items integer, of text, hold text, method text, shortfall integer, key text, quantities json
-- returns labels json, reason text
-- page seq down, feature down, unit down
SELECT
    l.seq AS seq, l.kind AS kind, l.at AS at, l.lastAt AS lastAt, l.day AS day, l.id AS id, nullif(l.feature, '') AS feature,
    nullif(l.unit, '') AS unit, l.amount AS amount, l.refunded AS refunded, l.batch AS batch, l.items AS items, l.of AS of,
    l.hold AS hold, l.method AS method, l.shortfall AS shortfall, l.key AS key, l.quantities AS quantities, l.labels AS labels,
    l.reason AS reason
FROM chunks AS c CROSS JOIN lines AS l
WHERE c.chunk <= :after_seq / 65536 AND (:since IS NULL OR c.lastAt >= :since) AND (:until IS NULL OR c.firstAt < :until)
    AND l.chunk = c.chunk AND l.tenant = :tenant AND l.account = :account
    AND (l.seq, l.feature, l.unit) < (:after_seq, :after_feature, :after_unit)
    AND (:feature IS NULL OR l.feature = :feature) AND (:from IS NULL OR l.day >= :from) AND (:to IS NULL OR l.day <= :to)
    AND (:since IS NULL OR l.at >= :since) AND (:until IS NULL OR l.at < :until)
ORDER BY c.chunk DESC, l.seq DESC, l.feature DESC, l.unit DESC
LIMIT :limit;
