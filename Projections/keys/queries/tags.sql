-- How many keys bear each tag, by status; and of those that are not revoked, how many have expired, expire within so many days, and were
-- never used. A key counts under each of its tags; those without any come first. Reads all keys of the tenant.
-- param tenant text required
-- param days integer default 30 min 1 max 3650
-- param accounts texts
-- param owners texts
-- param platforms texts
-- param tags texts
-- param limit integer default 100 min 1 max 1000
-- returns hasTag boolean, tag text, keys integer, active integer, disabled integer, faulty integer, revoked integer
-- returns expired integer, expiring integer
-- returns neverUsed integer, lastUsedAt timestamp
-- page hasTag up, tag up
SELECT
    tag.value IS NOT NULL AS hasTag, tag.value AS tag,
    count(*) AS keys, sum(k.status = 'active') AS active, sum(k.status = 'disabled') AS disabled, sum(k.status = 'faulty') AS faulty,
    sum(k.status = 'revoked') AS revoked, sum(k.status != 'revoked' AND coalesce(k.expiresAt <= :now, 0)) AS expired,
    sum(k.status != 'revoked' AND coalesce(k.expiresAt > :now AND k.expiresAt <= :now + :days * 86400000000, 0)) AS expiring,
    sum(k.status != 'revoked' AND u.key IS NULL) AS neverUsed, max(u.lastUsedAt) AS lastUsedAt
FROM keys AS k LEFT JOIN json_each(k.tags) AS tag LEFT JOIN keyUses AS u ON u.tenant = k.tenant AND u.key = k.key
WHERE k.tenant = :tenant
    AND (:accounts IS NULL OR k.account IN (SELECT value FROM json_each(:accounts)))
    AND (:owners IS NULL OR k.owner IN (SELECT value FROM json_each(:owners)))
    AND (:platforms IS NULL OR k.platform IN (SELECT value FROM json_each(:platforms)))
    AND (:tags IS NULL OR EXISTS (SELECT 1 FROM json_each(k.tags) AS t WHERE t.value IN (SELECT value FROM json_each(:tags))))
    AND (tag.value IS NOT NULL, coalesce(tag.value, '')) > (:after_hasTag, :after_tag)
GROUP BY tag.value
ORDER BY tag.value
LIMIT :limit;
