INSERT INTO versions (tenant, key, version, value, reason, rollbackOf, effectiveAt, seq, at, id, peer, actor)
SELECT tenant, document, version, nullif(json -> '$.value', 'null'), reason, rollbackOf, effectiveAt, seq, at, id, peer, actor
FROM events
WHERE type = 'configured';

INSERT INTO documents (tenant, key, version)
SELECT tenant, document, max(version) FROM events
WHERE type = 'configured'
GROUP BY tenant, document
ON CONFLICT DO UPDATE SET version = max(version, excluded.version);

-- A key's schedule ends when it is replaced or cancelled, and when its version comes into force, which says since when.
DELETE FROM scheduled WHERE (tenant, key) IN (
    SELECT tenant, document
    FROM events
    WHERE type IN ('configured', 'configurationScheduled', 'configurationCancelled') AND (type != 'configured' OR effectiveAt IS NOT NULL)
);

INSERT INTO scheduled (tenant, key, value, reason, effectiveAt, seq, at, id, peer, actor)
SELECT tenant, document, nullif(json -> '$.value', 'null'), reason, effectiveAt, seq, at, id, peer, actor
FROM (
    SELECT type, tenant, document, json, reason, effectiveAt, max(seq) AS seq, at, id, peer, actor
    FROM events
    WHERE type IN ('configured', 'configurationScheduled', 'configurationCancelled') AND (type != 'configured' OR effectiveAt IS NOT NULL)
    GROUP BY tenant, document
)
WHERE type = 'configurationScheduled';
