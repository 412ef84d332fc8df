-- A chunk is there from its first event on.
INSERT INTO chunks (chunk, firstAt)
SELECT seq / 65536, at FROM events WHERE part = 0 AND seq % 65536 = 0
ON CONFLICT DO NOTHING;

INSERT INTO chunks (chunk, firstAt)
SELECT seq / 65536, at FROM events WHERE true ORDER BY seq LIMIT 1
ON CONFLICT DO NOTHING;

-- What was taken: by a debit, by a settlement, or by a hold that expired and was captured. What came back of a hold is no line.
INSERT INTO lines (
    chunk, tenant, account, inside, seq, unit, feature, part, kind, at, day, amount, refunded, items, id, hold, method, shortfall, key, price,
    available, unlimited, quantities, labels, details
)
SELECT
    seq / 65536, tenant, account, coalesce(batch, ''), seq, unit, coalesce(feature, ''), '',
    CASE type WHEN 'debited' THEN 'debit' WHEN 'settled' THEN 'settlement' ELSE 'capture' END, at, day, amount, 0, 1,
    iif(batch IS NULL, id, coalesce(item, hold, id)), hold, method, nullif(shortfall, 0), key, price, available, unlimited, quantities,
    labels, details
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired') AND returned = 0
ORDER BY tenant, account, batch, seq, unit;

-- Refunds and what is only recorded are lines of their own. What is refunded of a batch shows on the batch's line alone.
INSERT INTO lines (
    chunk, tenant, account, inside, seq, unit, feature, part, kind, at, day, amount, refunded, items, id, batch, of, hold, method, shortfall,
    key, quantities, labels, details, reason
)
SELECT
    seq / 65536, tenant, account, '', seq, coalesce(unit, ''), coalesce(feature, ''), '', iif(type = 'refunded', 'refund', 'record'), at, day,
    amount, 0, 1, id, batch, of, hold, method, nullif(shortfall, 0), key, quantities, labels,
    details, reason
FROM events
WHERE type IN ('refunded', 'usageRecorded') AND (type = 'usageRecorded' OR batch IS NULL AND unit IS NOT NULL)
ORDER BY tenant, account, seq;

-- And a refund stands on the line, or the item, of what it gives back. The row is there: only its refunds change.
INSERT INTO lines (chunk, tenant, account, inside, seq, unit, feature, part, kind, at, day, amount, refunded, items)
SELECT
    debit / 65536, tenant, account, coalesce(batch, ''), debit, unit, coalesce(feature, ''), '', 'debit', at, day, 0, sum(amount), 0
FROM events
WHERE type = 'refunded' AND unit IS NOT NULL
GROUP BY tenant, account, batch, debit, unit
ON CONFLICT DO UPDATE SET refunded = refunded + excluded.refunded;

INSERT INTO batches (tenant, account, batch, seq, at, day)
SELECT tenant, account, batch, seq, at, day FROM events WHERE type = 'batchOpened';

-- The line of a batch takes in its items and their refunds. Sums have no bound of their own: past 2^63-1 they stay there.
INSERT INTO lines (
    chunk, tenant, account, inside, seq, unit, feature, part, kind, at, lastAt, day, amount, refunded, items, batch, key, labels
)
SELECT
    b.seq / 65536, b.tenant, b.account, '', b.seq, e.unit, coalesce(e.feature, ''), json_array(e.key, e.model, e.platform, e.status),
    'batch', b.at, e.lastAt, b.day, e.amount, e.refunded, e.items, b.batch, e.key,
    nullif(json_patch('{}', json_object('model', e.model, 'platform', e.platform, 'status', e.status)), '{}')
FROM (
    SELECT
        tenant, account, batch, unit, feature, key, model, platform, status, max(at) AS lastAt,
        sum(iif(returned = 0, amount, 0)) AS amount, sum(iif(returned = 1, amount, 0)) AS refunded,
        sum(iif(returned = 0, 1, 0)) AS items
    FROM events
    WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded') AND batch IS NOT NULL AND unit IS NOT NULL
        AND (returned = 0 OR type = 'refunded')
    GROUP BY tenant, account, batch, unit, feature, key, model, platform, status
) AS e
CROSS JOIN batches AS b
WHERE b.tenant = e.tenant AND b.account = e.account AND b.batch = e.batch
ON CONFLICT DO UPDATE SET
    amount = min(amount + excluded.amount, 9223372036854775807), refunded = min(refunded + excluded.refunded, 9223372036854775807),
    items = items + excluded.items, lastAt = excluded.lastAt;
