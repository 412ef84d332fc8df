-- How each platform of a tenant stands, in order of their names: its synchronisations by status, the last one and the last that succeeded,
-- and the reports of usage.
-- param tenant text required
-- param limit integer default 100 min 1 max 1000
-- returns platform text, syncs integer, succeeded integer, partial integer, failed integer, lastStatus text, lastSyncAt timestamp
-- returns lastError text, lastSucceededAt timestamp, reports integer, lastReportAt timestamp
-- page platform up
SELECT
    p.platform AS platform, p.syncs AS syncs, p.succeeded AS succeeded, p.partial AS partial, p.failed AS failed,
    s.status AS lastStatus, s.at AS lastSyncAt, s.error AS lastError, p.lastSucceededAt AS lastSucceededAt, p.reports AS reports,
    p.lastReportAt AS lastReportAt
FROM platforms AS p LEFT JOIN syncs AS s ON s.tenant = p.tenant AND s.seq = p.lastSync
WHERE p.tenant = :tenant AND p.platform > :after_platform
ORDER BY p.platform
LIMIT :limit;
