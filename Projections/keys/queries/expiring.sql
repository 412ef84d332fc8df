-- The keys of a tenant that are not revoked and expire between now and an instant, the soonest first; of some accounts, owners, platforms,
-- statuses or tags, or all.
-- param tenant text required
-- param before timestamp required
-- param owner text
-- param accounts texts
-- param owners texts
-- param platforms texts
-- param tags texts
-- param statuses texts oneof active|disabled|faulty
-- param limit integer default 100 min 1 max 1000
-- returns expiresAt timestamp, key text, account text, status text, platform text, owner text, name text, tags json
-- page expiresAt up, key up
SELECT
    k.expiresAt AS expiresAt, k.key AS key, k.account AS account, k.status AS status, k.platform AS platform, k.owner AS owner,
    k.name AS name, k.tags AS tags
FROM keys AS k
WHERE k.tenant = :tenant AND k.expiresAt IS NOT NULL AND k.expiresAt > :now AND k.expiresAt < :before AND k.status != 'revoked'
    AND (:owner IS NULL OR k.owner = :owner)
    AND (:accounts IS NULL OR k.account IN (SELECT value FROM json_each(:accounts)))
    AND (:owners IS NULL OR k.owner IN (SELECT value FROM json_each(:owners)))
    AND (:platforms IS NULL OR k.platform IN (SELECT value FROM json_each(:platforms)))
    AND (:tags IS NULL OR EXISTS (SELECT 1 FROM json_each(k.tags) AS t WHERE t.value IN (SELECT value FROM json_each(:tags))))
    AND (:statuses IS NULL OR k.status IN (SELECT value FROM json_each(:statuses)))
    AND (k.expiresAt, k.key) > (:after_expiresAt, :after_key)
ORDER BY k.expiresAt, k.key
LIMIT :limit;
