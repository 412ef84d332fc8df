-- What was taken for good, and what a refund gave back, each counts up: a bound on a sum that goes both ways would hang on the order in which
-- events come. What was held and came back had never been spent.
INSERT INTO spent
SELECT tenant, unit, hour, account, sum(iif(type = 'refunded', 0, amount)), sum(iif(type = 'refunded', amount, 0))
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded') AND unit IS NOT NULL AND (returned = 0 OR type = 'refunded')
GROUP BY tenant, unit, hour, account
ON CONFLICT DO UPDATE SET
    used = min(used + excluded.used, 9223372036854775807), refunded = min(refunded + excluded.refunded, 9223372036854775807);
