-- Sums have no bound of their own: past 2^63-1 they stay there.
INSERT INTO totals (tenant, day, feature, unit, model, platform, amount, count, refunded, refunds)
SELECT
    tenant, day, coalesce(feature, ''), unit, coalesce(model, ''), coalesce(platform, ''),
    sum(iif(type = 'debited', amount, 0)), sum(iif(type = 'debited', count, 0)), sum(iif(type = 'refunded', amount, 0)),
    sum(iif(type = 'refunded', count, 0))
FROM events
WHERE type IN ('debited', 'refunded')
GROUP BY 1, 2, 3, 4, 5, 6
ON CONFLICT DO UPDATE SET
    amount = min(amount + excluded.amount, 9223372036854775807), count = count + excluded.count,
    refunded = min(refunded + excluded.refunded, 9223372036854775807), refunds = refunds + excluded.refunds;

INSERT INTO accounts (tenant, day, account, feature, unit, model, platform, amount, count, refunded, refunds)
SELECT
    tenant, day, account, coalesce(feature, ''), unit, coalesce(model, ''), coalesce(platform, ''),
    sum(iif(type = 'debited', amount, 0)), sum(iif(type = 'debited', count, 0)), sum(iif(type = 'refunded', amount, 0)),
    sum(iif(type = 'refunded', count, 0))
FROM events
WHERE type IN ('debited', 'refunded')
GROUP BY 1, 2, 3, 4, 5, 6, 7
ON CONFLICT DO UPDATE SET
    amount = min(amount + excluded.amount, 9223372036854775807), count = count + excluded.count,
    refunded = min(refunded + excluded.refunded, 9223372036854775807), refunds = refunds + excluded.refunds;

INSERT INTO totalQuantities (tenant, day, feature, dimension, quantity, refunded)
SELECT
    tenant, day, coalesce(feature, ''), dimension,
    sum(iif(type = 'debited', quantity, 0)), sum(iif(type = 'refunded', quantity, 0))
FROM quantities
GROUP BY 1, 2, 3, 4
ON CONFLICT DO UPDATE SET
    quantity = min(quantity + excluded.quantity, 9223372036854775807), refunded = min(refunded + excluded.refunded, 9223372036854775807);

INSERT INTO accountQuantities (tenant, day, account, feature, dimension, quantity, refunded)
SELECT
    tenant, day, account, coalesce(feature, ''), dimension,
    sum(iif(type = 'debited', quantity, 0)), sum(iif(type = 'refunded', quantity, 0))
FROM quantities
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT DO UPDATE SET
    quantity = min(quantity + excluded.quantity, 9223372036854775807), refunded = min(refunded + excluded.refunded, 9223372036854775807);

INSERT INTO days (tenant, day)
SELECT DISTINCT tenant, day FROM events WHERE type IN ('debited', 'refunded')
ON CONFLICT DO NOTHING;
