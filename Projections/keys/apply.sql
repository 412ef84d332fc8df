INSERT INTO keys (
    tenant, key, account, status, platform, owner, name, tags, spendLimit, features, maxOpenHolds, expiresAt, hash, issuedAt, seq, at
)
SELECT
    tenant, key, account, 'active', platform, json ->> '$.owner', name, json -> '$.tags', json -> '$.limit', json -> '$.features',
    json ->> '$.maxOpenHolds', expiresAt, json ->> '$.hash', at, seq, at
FROM events
WHERE type = 'keyIssued';

-- An update says all of a key's terms anew: the last one holds.
UPDATE keys SET
    platform = last.platform, owner = last.owner, name = last.name, tags = last.tags, spendLimit = last.spendLimit,
    features = last.features, maxOpenHolds = last.maxOpenHolds, expiresAt = last.expiresAt
FROM (
    SELECT
        tenant, key, platform, json ->> '$.owner' AS owner, name, json -> '$.tags' AS tags, json -> '$.limit' AS spendLimit,
        json -> '$.features' AS features, json ->> '$.maxOpenHolds' AS maxOpenHolds, expiresAt, max(seq)
    FROM events
    WHERE type = 'keyUpdated'
    GROUP BY tenant, key
) AS last
WHERE keys.tenant = last.tenant AND keys.key = last.key;

UPDATE keys SET status = last.status, reason = last.reason, seq = last.seq, at = last.at
FROM (
    SELECT tenant, key, coalesce(status, 'revoked') AS status, reason, max(seq) AS seq, at
    FROM events
    WHERE type IN ('keyUpdated', 'keyRevoked')
    GROUP BY tenant, key
) AS last
WHERE keys.tenant = last.tenant AND keys.key = last.key;

-- A debit with a hold settles it late: its key was used when the hold was made.
INSERT INTO keyUses (tenant, key, lastUsedAt, uses)
SELECT tenant, key, max(at), sum(count) FROM events
WHERE type IN ('debited', 'held') AND key IS NOT NULL AND (type = 'held' OR hold IS NULL)
GROUP BY tenant, key
ON CONFLICT DO UPDATE SET lastUsedAt = excluded.lastUsedAt, uses = uses + excluded.uses;
