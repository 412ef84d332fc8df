-- A use is a debit, a settlement, or a hold that expired and was captured; what came back of a hold is none. `returned` tells the kinds
-- apart: 0 on uses, 1 on refunds, null on records. A use has a row for each unit of its amounts, and counts in each. Sums have no bound of
-- their own: past 2^63-1 they stay there.
INSERT INTO totals (tenant, day, feature, unit, model, platform, kind, amount, count)
SELECT
    tenant, day, coalesce(feature, ''), unit, coalesce(model, ''), coalesce(platform, ''), coalesce(returned, 2), sum(amount), count(*)
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded') AND unit IS NOT NULL
    AND (returned IS NOT 1 OR type = 'refunded')
GROUP BY tenant, day, feature, unit, model, platform, returned
ON CONFLICT DO UPDATE SET amount = min(amount + excluded.amount, 9223372036854775807), count = count + excluded.count;

INSERT INTO accounts (tenant, day, account, feature, unit, model, platform, key, kind, amount, count)
SELECT
    tenant, day, account, coalesce(feature, ''), unit, coalesce(model, ''), coalesce(platform, ''), coalesce(key, ''),
    coalesce(returned, 2), sum(amount), count(*)
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded') AND unit IS NOT NULL
    AND (returned IS NOT 1 OR type = 'refunded')
GROUP BY tenant, day, account, feature, unit, model, platform, key, returned
ON CONFLICT DO UPDATE SET amount = min(amount + excluded.amount, 9223372036854775807), count = count + excluded.count;

INSERT INTO hours (tenant, day, hour, unit, kind, amount, count)
SELECT tenant, day, hour, unit, coalesce(returned, 2), sum(amount), count(*)
FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded') AND unit IS NOT NULL
    AND (returned IS NOT 1 OR type = 'refunded')
GROUP BY tenant, day, hour, unit, returned
ON CONFLICT DO UPDATE SET amount = min(amount + excluded.amount, 9223372036854775807), count = count + excluded.count;

INSERT INTO keys (tenant, key, account)
SELECT tenant, key, account FROM events
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded') AND key IS NOT NULL
GROUP BY tenant, key, account
ON CONFLICT DO NOTHING;

INSERT INTO totalQuantities (tenant, day, feature, dimension, kind, quantity)
SELECT
    tenant, day, coalesce(feature, ''), dimension, CASE type WHEN 'refunded' THEN 1 WHEN 'usageRecorded' THEN 2 ELSE 0 END, sum(quantity)
FROM quantities
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded')
GROUP BY tenant, day, feature, dimension, type
ON CONFLICT DO UPDATE SET quantity = min(quantity + excluded.quantity, 9223372036854775807);

INSERT INTO accountQuantities (tenant, day, account, feature, dimension, kind, quantity)
SELECT
    tenant, day, account, coalesce(feature, ''), dimension,
    CASE type WHEN 'refunded' THEN 1 WHEN 'usageRecorded' THEN 2 ELSE 0 END, sum(quantity)
FROM quantities
WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded')
GROUP BY tenant, day, account, feature, dimension, type
ON CONFLICT DO UPDATE SET quantity = min(quantity + excluded.quantity, 9223372036854775807);

-- The weekday is counted in days from 1 March of the year 0, which was a Wednesday; a Monday before the first is in the month before.
INSERT INTO days (tenant, day, week, month)
SELECT
    tenant, day,
    CASE
        WHEN dayOfMonth > weekday THEN format('%04d-%02d-%02d', year, month, dayOfMonth - weekday)
        WHEN month = 1 THEN format('%04d-12-%02d', year - 1, 31 + dayOfMonth - weekday)
        ELSE format('%04d-%02d-%02d', year, month - 1, dayOfMonth - weekday + CASE
            WHEN month IN (5, 7, 10, 12) THEN 30
            WHEN month != 3 THEN 31
            WHEN year % 4 = 0 AND (year % 100 != 0 OR year % 400 = 0) THEN 29
            ELSE 28
        END)
    END,
    substr(day, 1, 8) || '01'
FROM (
    SELECT
        tenant, day, year, month, dayOfMonth,
        (365 * since + since / 4 - since / 100 + since / 400 + (153 * ((month + 9) % 12) + 2) / 5 + dayOfMonth + 1) % 7 AS weekday
    FROM (
        SELECT tenant, day, year, month, dayOfMonth, iif(month <= 2, year - 1, year) AS since
        FROM (
            SELECT
                tenant, day, CAST(substr(day, 1, 4) AS INTEGER) AS year, CAST(substr(day, 6, 2) AS INTEGER) AS month,
                CAST(substr(day, 9, 2) AS INTEGER) AS dayOfMonth
            FROM events
            WHERE type IN ('debited', 'settled', 'holdExpired', 'refunded', 'usageRecorded')
            GROUP BY tenant, day
        )
    )
)
WHERE true
ON CONFLICT DO NOTHING;
