-- The last report about the same counts. Its day is reckoned from the instant, for there are no functions of dates: days since 0000-03-01,
-- cut into eras of 400 years, years that begin in March, and months of 153/5 days.
WITH
    last AS (
        SELECT
            tenant, platform, coalesce(key, '') AS key, unit, windowStart, windowEnd, amount AS cost,
            coalesce(quantities, '{}') AS quantities, max(seq) AS seq, at,
            (windowStart + 719468 * 86400000000) / 86400000000 AS days
        FROM events
        WHERE type = 'usageReported'
        GROUP BY tenant, platform, key, unit, windowStart, windowEnd
    ),
    inEra AS (SELECT *, days / 146097 AS era, days % 146097 AS dayOfEra FROM last),
    inYear AS (SELECT *, (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365 AS year FROM inEra),
    ofYear AS (SELECT *, dayOfEra - (365 * year + year / 4 - year / 100) AS dayOfYear FROM inYear),
    ofMonth AS (SELECT *, (5 * dayOfYear + 2) / 153 AS month FROM ofYear)
INSERT INTO reports (tenant, day, platform, key, unit, windowStart, windowEnd, cost, quantities, seq, at)
SELECT
    tenant,
    format(
        '%04d-%02d-%02d', era * 400 + year + (month > 9), iif(month > 9, month - 9, month + 3), dayOfYear - (153 * month + 2) / 5 + 1
    ),
    platform, key, unit, windowStart, windowEnd, cost, quantities, seq, at
FROM ofMonth
WHERE true
ON CONFLICT DO UPDATE SET cost = excluded.cost, quantities = excluded.quantities, seq = excluded.seq, at = excluded.at;

INSERT INTO syncs (tenant, seq, at, platform, status, beganAt, endedAt, counts, error, id, peer, actor)
SELECT tenant, seq, at, platform, status, windowStart, windowEnd, json -> '$.counts', json ->> '$.error', id, peer, actor
FROM events
WHERE type = 'syncReported';

INSERT INTO platforms (tenant, platform, syncs, succeeded, partial, failed, reports, lastSync, lastSucceededAt, lastReportAt)
SELECT
    tenant, platform, sum(type = 'syncReported'), sum(coalesce(status = 'succeeded', 0)), sum(coalesce(status = 'partial', 0)),
    sum(coalesce(status = 'failed', 0)), sum(type = 'usageReported'), max(iif(type = 'syncReported', seq, NULL)),
    max(iif(status = 'succeeded', at, NULL)), max(iif(type = 'usageReported', at, NULL))
FROM events
WHERE type IN ('usageReported', 'syncReported')
GROUP BY tenant, platform
ON CONFLICT DO UPDATE SET
    syncs = syncs + excluded.syncs, succeeded = succeeded + excluded.succeeded, partial = partial + excluded.partial,
    failed = failed + excluded.failed, reports = reports + excluded.reports, lastSync = coalesce(excluded.lastSync, lastSync),
    lastSucceededAt = coalesce(excluded.lastSucceededAt, lastSucceededAt), lastReportAt = coalesce(excluded.lastReportAt, lastReportAt);
