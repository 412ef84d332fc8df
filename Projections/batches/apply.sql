-- Nothing is in a batch before it is opened.
INSERT INTO batches (tenant, account, batch, feature, size, rejected, firstSeq, firstAt, lastSeq, lastAt)
SELECT tenant, account, batch, feature, size, 0, seq, at, seq, at FROM events WHERE type = 'batchOpened';

INSERT INTO batches (tenant, account, batch, rejected, firstSeq, firstAt, lastSeq, lastAt, closedAt)
SELECT tenant, account, batch, coalesce(sum(items), 0), 0, 0, max(seq), max(at), max(iif(type = 'batchClosed', at, NULL))
FROM events
WHERE type IN ('itemsRejected', 'batchClosed')
GROUP BY tenant, account, batch
ON CONFLICT DO UPDATE SET
    rejected = rejected + excluded.rejected, lastSeq = excluded.lastSeq, lastAt = excluded.lastAt, closedAt = excluded.closedAt;

-- An item is what was taken in a batch: by a debit, by a settlement, or by a hold that expired and was captured. A hold in a batch is none
-- until it is settled, and what is recorded from before the ledger is none either. Sums have no bound of their own: past 2^63-1 they stay
-- there.
INSERT INTO units (tenant, account, batch, unit, feature, items, debited, refunded, lastSeq, lastAt)
SELECT
    tenant, account, batch, coalesce(unit, ''), coalesce(feature, ''), sum(iif(returned = 0, count, 0)), sum(iif(returned = 0, amount, 0)),
    sum(iif(returned = 1, amount, 0)), max(seq), max(at)
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded') AND batch IS NOT NULL AND (returned = 0 OR type = 'refunded')
GROUP BY tenant, account, batch, unit, feature
ON CONFLICT DO UPDATE SET
    items = items + excluded.items, debited = min(debited + excluded.debited, 9223372036854775807),
    refunded = min(refunded + excluded.refunded, 9223372036854775807), lastSeq = excluded.lastSeq, lastAt = excluded.lastAt;

INSERT INTO dimensions (tenant, account, batch, dimension, quantity, refunded)
SELECT
    tenant, account, batch, dimension, sum(iif(type = 'refunded', 0, quantity)), sum(iif(type = 'refunded', quantity, 0))
FROM quantities
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded') AND batch IS NOT NULL
GROUP BY tenant, account, batch, dimension
ON CONFLICT DO UPDATE SET
    quantity = min(quantity + excluded.quantity, 9223372036854775807), refunded = min(refunded + excluded.refunded, 9223372036854775807);

INSERT INTO days (tenant, day, feature, opened, closed, rejected)
SELECT
    tenant, day, coalesce(feature, ''), sum(iif(type = 'batchOpened', 1, 0)), sum(iif(type = 'batchClosed', 1, 0)),
    coalesce(sum(items), 0)
FROM events
WHERE type IN ('batchOpened', 'batchClosed', 'itemsRejected')
GROUP BY tenant, day, feature
ON CONFLICT DO UPDATE SET
    opened = opened + excluded.opened, closed = closed + excluded.closed, rejected = rejected + excluded.rejected;

INSERT INTO dayUnits (tenant, day, feature, unit, items, debited, refunded)
SELECT
    tenant, day, coalesce(feature, ''), unit, sum(iif(returned = 0, count, 0)), sum(iif(returned = 0, amount, 0)),
    sum(iif(returned = 1, amount, 0))
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded') AND batch IS NOT NULL AND unit IS NOT NULL
    AND (returned = 0 OR type = 'refunded')
GROUP BY tenant, day, feature, unit
ON CONFLICT DO UPDATE SET
    items = items + excluded.items, debited = min(debited + excluded.debited, 9223372036854775807),
    refunded = min(refunded + excluded.refunded, 9223372036854775807);

-- A chunk is there from its first event on.
INSERT INTO chunks (chunk, firstAt)
SELECT seq / 65536, at FROM events WHERE part = 0 AND seq % 65536 = 0
ON CONFLICT DO NOTHING;

INSERT INTO chunks (chunk, firstAt)
SELECT seq / 65536, at FROM events WHERE true ORDER BY seq LIMIT 1
ON CONFLICT DO NOTHING;

INSERT INTO items (chunk, tenant, account, batch, seq, unit, id, hold, at, day, feature, amount, refunded, quantities, labels)
SELECT
    seq / 65536, tenant, account, batch, seq, unit, coalesce(item, hold, id), hold, at, day, feature, amount, 0, quantities, labels
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired') AND batch IS NOT NULL AND returned = 0
ORDER BY tenant, account, batch, seq, unit;

-- The item is there: only its refunds change.
INSERT INTO items (chunk, tenant, account, batch, seq, unit, id, at, day, amount, refunded)
SELECT debit / 65536, tenant, account, batch, debit, unit, of, at, day, 0, sum(amount)
FROM events
WHERE type = 'refunded' AND batch IS NOT NULL AND unit IS NOT NULL
GROUP BY tenant, account, batch, debit, unit
ON CONFLICT DO UPDATE SET refunded = refunded + excluded.refunded;
