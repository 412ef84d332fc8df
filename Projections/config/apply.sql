INSERT INTO versions (tenant, key, version, value, reason, rollbackOf, seq, at, id, peer, actor)
SELECT tenant, document, version, nullif(json -> '$.value', 'null'), reason, rollbackOf, seq, at, id, peer, actor
FROM events
WHERE type = 'configured';
