-- What was taken for good counts up, what a refund gave back counts down. What was held and came back had never been spent.
INSERT INTO spent
SELECT tenant, unit, at / 3600000000 AS hour, account, sum(iif(type = 'refunded', -amount, amount))
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded') AND unit IS NOT NULL AND (returned = 0 OR type = 'refunded')
GROUP BY tenant, unit, hour, account
ON CONFLICT DO UPDATE SET amount = min(amount + excluded.amount, 9223372036854775807);
