-- What providers reported between two days, per day, platform, key and unit: how many reports, their cost, and the sum of each dimension.
-- Both days count, in UTC; a report counts on the day that it begins. Of several reports about the same platform, key, unit and time the
-- last one counts. What is about no key has none.
-- param tenant text required
-- param from day
-- param to day
-- param platforms texts
-- param keys texts
-- param units texts
-- param limit integer default 100 min 1 max 1000
-- returns day day, platform text, key text, unit text, reports integer, cost integer, quantities json, lastAt timestamp
-- page day up, platform up, key up, unit up
SELECT
    r.day AS day, r.platform AS platform, nullif(r.key, '') AS key, r.unit AS unit, count(*) AS reports, sum(r.cost) AS cost,
    (
        SELECT json_group_object(dimension, quantity)
        FROM (
            SELECT q.key AS dimension, sum(q.value) AS quantity
            FROM reports AS o CROSS JOIN json_each(o.quantities) AS q
            WHERE o.tenant = :tenant AND o.day = r.day AND o.platform = r.platform AND o.key = r.key AND o.unit = r.unit
            GROUP BY q.key
            ORDER BY q.key
        )
    ) AS quantities,
    max(r.at) AS lastAt
FROM reports AS r
WHERE r.tenant = :tenant AND r.day >= coalesce(:from, '') AND r.day <= coalesce(:to, '9999-12-31')
    AND (r.day, r.platform, r.key, r.unit) > (:after_day, :after_platform, :after_key, :after_unit)
    AND (:platforms IS NULL OR r.platform IN (SELECT value FROM json_each(:platforms)))
    AND (:keys IS NULL OR r.key IN (SELECT value FROM json_each(:keys)))
    AND (:units IS NULL OR r.unit IN (SELECT value FROM json_each(:units)))
GROUP BY r.day, r.platform, r.key, r.unit
ORDER BY r.day, r.platform, r.key, r.unit
LIMIT :limit;
