-- The keys of a tenant that are not revoked and expire between now and an instant, the soonest first; of one owner or all.
-- param tenant text required
-- param before timestamp required
-- param owner text
-- param limit integer default 100 min 1 max 1000
-- returns expiresAt timestamp, key text, account text, status text, platform text, owner text, name text, tags json
-- page expiresAt up, key up
SELECT expiresAt, key, account, status, platform, owner, name, tags
FROM keys
WHERE tenant = :tenant AND expiresAt IS NOT NULL AND expiresAt > :now AND expiresAt < :before AND status != 'revoked'
    AND (:owner IS NULL OR owner = :owner) AND (expiresAt, key) > (:after_expiresAt, :after_key)
ORDER BY expiresAt, key
LIMIT :limit;
