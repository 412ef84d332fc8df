INSERT INTO chunks (chunk, firstAt, lastAt)
SELECT seq / 65536, min(at), max(at) FROM events GROUP BY 1
ON CONFLICT DO UPDATE SET lastAt = excluded.lastAt;

-- What was taken: by a debit, by a settlement, or by a hold that expired and was captured; refunds; and what is only recorded. What came
-- back of a hold is no line.
INSERT INTO lines (
    chunk, tenant, account, seq, feature, unit, kind, at, lastAt, day, amount, refunded, items, id, batch, of, hold, method, shortfall, key,
    quantities, labels, reason
)
SELECT
    seq / 65536, tenant, account, seq, coalesce(feature, ''), coalesce(unit, ''),
    CASE type
        WHEN 'debited' THEN 'debit'
        WHEN 'settled' THEN 'settlement'
        WHEN 'holdExpired' THEN 'capture'
        WHEN 'refunded' THEN 'refund'
        ELSE 'record'
    END,
    at, at, day, amount, 0, count, id, batch, of, hold, method, nullif(shortfall, 0), key, quantities, labels, reason
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded')
    AND (type = 'usageRecorded' OR batch IS NULL AND unit IS NOT NULL AND (returned = 0 OR type = 'refunded'))
ORDER BY 1, tenant, account, seq;

-- A refund shows as a line of its own, and on the line of what it gives back.
INSERT INTO lines (chunk, tenant, account, seq, feature, unit, kind, at, lastAt, day, amount, refunded, items)
SELECT debit / 65536, tenant, account, debit, coalesce(feature, ''), unit, 'debit', at, at, day, 0, sum(amount), 0
FROM events
WHERE type = 'refunded' AND batch IS NULL AND unit IS NOT NULL
GROUP BY debit, unit
ON CONFLICT DO UPDATE SET refunded = refunded + excluded.refunded;

-- A batch's first event is its opening, which alone tells its day.
INSERT INTO batches (tenant, account, batch, seq, at, day, lastSeq)
SELECT
    tenant, account, batch, min(seq), min(at), coalesce(max(iif(type = 'batchOpened', day, NULL)), min(day)), max(seq)
FROM events
WHERE type IN ('batchOpened', 'debited', 'settled', 'holdExpired') AND batch IS NOT NULL AND returned IS NOT 1
GROUP BY tenant, account, batch
ON CONFLICT DO UPDATE SET lastSeq = excluded.lastSeq;

-- The line of a batch takes in its items and their refunds. Sums have no bound of their own: past 2^63-1 they stay there.
INSERT INTO lines (chunk, tenant, account, seq, feature, unit, kind, at, lastAt, day, amount, refunded, items, batch)
SELECT
    b.seq / 65536, b.tenant, b.account, b.seq, e.feature, e.unit, 'batch', b.at, e.lastAt, b.day, e.amount, e.refunded, e.items, b.batch
FROM (
    SELECT
        tenant, account, batch, coalesce(feature, '') AS feature, unit, max(at) AS lastAt,
        sum(iif(type != 'refunded', amount, 0)) AS amount, sum(iif(type = 'refunded', amount, 0)) AS refunded,
        sum(iif(type != 'refunded', count, 0)) AS items
    FROM events
    WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded') AND batch IS NOT NULL AND (returned = 0 OR type = 'refunded')
        AND unit IS NOT NULL
    GROUP BY tenant, account, batch, coalesce(feature, ''), unit
) AS e
CROSS JOIN batches AS b
WHERE b.tenant = e.tenant AND b.account = e.account AND b.batch = e.batch
ON CONFLICT DO UPDATE SET
    amount = min(amount + excluded.amount, 9223372036854775807), refunded = min(refunded + excluded.refunded, 9223372036854775807),
    items = items + excluded.items, lastAt = excluded.lastAt;

INSERT INTO items (chunk, tenant, account, batch, seq, unit, feature, id, hold, at, day, amount, refunded, key, quantities, labels)
SELECT
    seq / 65536, tenant, account, batch, seq, unit, feature, coalesce(item, hold, id), hold, at, day, amount, 0, key, quantities, labels
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired') AND batch IS NOT NULL AND returned = 0
ORDER BY 1, tenant, account, batch, seq, unit;

INSERT INTO items (chunk, tenant, account, batch, seq, unit, feature, id, at, day, amount, refunded)
SELECT debit / 65536, tenant, account, batch, debit, unit, feature, of, at, day, 0, sum(amount)
FROM events
WHERE type = 'refunded' AND batch IS NOT NULL AND unit IS NOT NULL
GROUP BY debit, unit
ON CONFLICT DO UPDATE SET refunded = refunded + excluded.refunded;
