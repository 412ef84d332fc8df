INSERT INTO versions (tenant, key, version, value, reason, rollbackOf, effectiveAt, seq, at, id, peer, actor)
SELECT tenant, document, version, nullif(json -> '$.value', 'null'), reason, rollbackOf, effectiveAt, seq, at, id, peer, actor
FROM events
WHERE type = 'configured';

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
