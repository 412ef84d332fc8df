INSERT INTO alerts (tenant, seq, at, day, rule, severity, kind, account, unit, key, hold, event)
SELECT tenant, seq, at, day, rule, severity, json ->> '$.kind', account, unit, key, hold, json
FROM events
WHERE type = 'alertRaised';

UPDATE alerts SET deliveredAt = min(coalesce(deliveredAt, told.at), told.at)
FROM (
    SELECT e.tenant AS tenant, alert.value AS seq, min(e.at) AS at
    FROM events AS e CROSS JOIN json_each(e.json, '$.alerts') AS alert
    WHERE e.type = 'alertDelivered'
    GROUP BY e.tenant, alert.value
) AS told
WHERE alerts.tenant = told.tenant AND alerts.seq = told.seq;

UPDATE alerts SET readAt = min(coalesce(readAt, told.at), told.at)
FROM (
    SELECT e.tenant AS tenant, alert.value AS seq, min(e.at) AS at
    FROM events AS e CROSS JOIN json_each(e.json, '$.alerts') AS alert
    WHERE e.type = 'alertRead'
    GROUP BY e.tenant, alert.value
) AS told
WHERE alerts.tenant = told.tenant AND alerts.seq = told.seq;
