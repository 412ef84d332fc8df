-- Hour by hour what was debited and refunded, per unit, by the ledger's time in UTC: the last 24 hours, this one included, unless since and
-- until say otherwise. An hour counts if it begins between them, until not included. A use counts in each unit that it has an amount in;
-- what was recorded with quantities alone is in no records.
-- param tenant text required
-- param since timestamp
-- param until timestamp
-- param unit text
-- param limit integer default 168 min 1 max 5000
-- returns hour timestamp, unit text, amount integer, count integer, refunded integer, refunds integer
-- returns net integer, recorded integer, records integer
-- page hour up, unit up
SELECT
    h.hour * 3600000000 AS hour, h.unit AS unit, sum(iif(kind = 0, amount, 0)) AS amount, sum(iif(kind = 0, count, 0)) AS count,
    sum(iif(kind = 1, amount, 0)) AS refunded, sum(iif(kind = 1, count, 0)) AS refunds,
    sum(iif(kind = 0, amount, 0)) - sum(iif(kind = 1, amount, 0)) AS net,
    sum(iif(kind = 2, amount, 0)) AS recorded, sum(iif(kind = 2, count, 0)) AS records
FROM days AS d CROSS JOIN hours AS h
WHERE d.tenant = :tenant AND h.tenant = :tenant AND h.day = +d.day
    AND h.hour >= (coalesce(:since, (:now / 3600000000 - 23) * 3600000000) + 3599999999) / 3600000000
    AND h.hour <= (coalesce(:until, 9223372036854775807) - 1) / 3600000000 AND (:unit IS NULL OR h.unit = :unit)
    AND (h.hour * 3600000000, h.unit) > (:after_hour, :after_unit)
GROUP BY h.hour, h.unit
ORDER BY h.hour, h.unit
LIMIT :limit;
