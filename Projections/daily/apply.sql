-- A use is a debit, a settlement, or a hold that expired and was captured; what came back of a hold is none. Sums have no bound of their
-- own: past 2^63-1 they stay there.
INSERT INTO totals (tenant, day, feature, unit, model, platform, amount, count, refunded, refunds, recorded, records)
SELECT
    tenant, day, coalesce(feature, ''), unit, coalesce(model, ''), coalesce(platform, ''),
    sum(iif(type IN ('debited', 'settled', 'holdExpired'), amount, 0)), sum(iif(type IN ('debited', 'settled', 'holdExpired'), count, 0)),
    sum(iif(type = 'refunded', amount, 0)), sum(iif(type = 'refunded', count, 0)),
    sum(iif(type = 'usageRecorded', amount, 0)), sum(iif(type = 'usageRecorded', count, 0))
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded') AND unit IS NOT NULL
    AND (returned IS NOT 1 OR type = 'refunded')
GROUP BY 1, 2, 3, 4, 5, 6
ON CONFLICT DO UPDATE SET
    amount = min(amount + excluded.amount, 9223372036854775807), count = count + excluded.count,
    refunded = min(refunded + excluded.refunded, 9223372036854775807), refunds = refunds + excluded.refunds,
    recorded = min(recorded + excluded.recorded, 9223372036854775807), records = records + excluded.records;

INSERT INTO accounts (tenant, day, account, feature, unit, model, platform, amount, count, refunded, refunds, recorded, records)
SELECT
    tenant, day, account, coalesce(feature, ''), unit, coalesce(model, ''), coalesce(platform, ''),
    sum(iif(type IN ('debited', 'settled', 'holdExpired'), amount, 0)), sum(iif(type IN ('debited', 'settled', 'holdExpired'), count, 0)),
    sum(iif(type = 'refunded', amount, 0)), sum(iif(type = 'refunded', count, 0)),
    sum(iif(type = 'usageRecorded', amount, 0)), sum(iif(type = 'usageRecorded', count, 0))
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded') AND unit IS NOT NULL
    AND (returned IS NOT 1 OR type = 'refunded')
GROUP BY 1, 2, 3, 4, 5, 6, 7
ON CONFLICT DO UPDATE SET
    amount = min(amount + excluded.amount, 9223372036854775807), count = count + excluded.count,
    refunded = min(refunded + excluded.refunded, 9223372036854775807), refunds = refunds + excluded.refunds,
    recorded = min(recorded + excluded.recorded, 9223372036854775807), records = records + excluded.records;

INSERT INTO totalQuantities (tenant, day, feature, dimension, quantity, refunded, recorded)
SELECT
    tenant, day, coalesce(feature, ''), dimension, sum(iif(type IN ('debited', 'settled', 'holdExpired'), quantity, 0)),
    sum(iif(type = 'refunded', quantity, 0)), sum(iif(type = 'usageRecorded', quantity, 0))
FROM quantities
GROUP BY 1, 2, 3, 4
ON CONFLICT DO UPDATE SET
    quantity = min(quantity + excluded.quantity, 9223372036854775807), refunded = min(refunded + excluded.refunded, 9223372036854775807),
    recorded = min(recorded + excluded.recorded, 9223372036854775807);

INSERT INTO accountQuantities (tenant, day, account, feature, dimension, quantity, refunded, recorded)
SELECT
    tenant, day, account, coalesce(feature, ''), dimension, sum(iif(type IN ('debited', 'settled', 'holdExpired'), quantity, 0)),
    sum(iif(type = 'refunded', quantity, 0)), sum(iif(type = 'usageRecorded', quantity, 0))
FROM quantities
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT DO UPDATE SET
    quantity = min(quantity + excluded.quantity, 9223372036854775807), refunded = min(refunded + excluded.refunded, 9223372036854775807),
    recorded = min(recorded + excluded.recorded, 9223372036854775807);

INSERT INTO days (tenant, day)
SELECT DISTINCT tenant, day FROM events WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded')
ON CONFLICT DO NOTHING;
