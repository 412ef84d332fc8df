-- An item is what was taken in a batch: by a debit, by a settlement, or by a hold that expired and was captured. A hold in a batch is none
-- until it is settled, and what is recorded from before the ledger is none either.
INSERT INTO batches (tenant, account, batch, feature, size, items, rejected, firstSeq, firstAt, lastSeq, lastAt, closedAt)
SELECT
    tenant, account, batch, max(iif(type = 'batchOpened', feature, NULL)), max(size),
    sum(iif(type IN ('debited', 'settled', 'holdExpired'), count, 0)), coalesce(sum(items), 0), min(seq), min(at),
    max(seq), max(at), max(iif(type = 'batchClosed', at, NULL))
FROM events
WHERE type IN ('batchOpened', 'debited', 'settled', 'holdExpired', 'itemsRejected', 'refunded', 'batchClosed') AND batch IS NOT NULL
    AND (returned IS NOT 1 OR type = 'refunded')
GROUP BY tenant, account, batch
ON CONFLICT DO UPDATE SET
    items = items + excluded.items, rejected = rejected + excluded.rejected, lastSeq = excluded.lastSeq, lastAt = excluded.lastAt,
    closedAt = coalesce(closedAt, excluded.closedAt);

-- Sums have no bound of their own: past 2^63-1 they stay there.
INSERT INTO units (tenant, account, batch, unit, debited, refunded)
SELECT
    tenant, account, batch, unit, sum(iif(type != 'refunded', amount, 0)), sum(iif(type = 'refunded', amount, 0))
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded') AND batch IS NOT NULL AND (returned = 0 OR type = 'refunded')
    AND unit IS NOT NULL
GROUP BY tenant, account, batch, unit
ON CONFLICT DO UPDATE SET
    debited = min(debited + excluded.debited, 9223372036854775807), refunded = min(refunded + excluded.refunded, 9223372036854775807);

INSERT INTO dimensions (tenant, account, batch, dimension, quantity, refunded)
SELECT
    tenant, account, batch, dimension, sum(iif(type != 'refunded', quantity, 0)), sum(iif(type = 'refunded', quantity, 0))
FROM quantities
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded') AND batch IS NOT NULL
GROUP BY tenant, account, batch, dimension
ON CONFLICT DO UPDATE SET
    quantity = min(quantity + excluded.quantity, 9223372036854775807), refunded = min(refunded + excluded.refunded, 9223372036854775807);

INSERT INTO chunks (chunk)
SELECT DISTINCT seq / 65536 FROM events WHERE type IN ('debited', 'settled', 'holdExpired')
ON CONFLICT DO NOTHING;

INSERT INTO items (chunk, tenant, account, batch, seq, unit, id, hold, at, day, feature, amount, refunded, quantities, labels)
SELECT
    seq / 65536, tenant, account, batch, seq, unit, coalesce(item, hold, id), hold, at, day, feature, amount, 0, quantities, labels
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired') AND batch IS NOT NULL AND returned = 0
ORDER BY 1, tenant, account, batch, seq, unit;

INSERT INTO items (chunk, tenant, account, batch, seq, unit, id, at, day, feature, amount, refunded)
SELECT debit / 65536, tenant, account, batch, debit, unit, of, at, day, feature, 0, sum(amount)
FROM events
WHERE type = 'refunded' AND batch IS NOT NULL AND unit IS NOT NULL
GROUP BY debit, unit
ON CONFLICT DO UPDATE SET refunded = refunded + excluded.refunded;
