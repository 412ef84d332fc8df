-- The keys of a tenant in order of their names; of one account, owner, tag, platform or status, of those that expire before an instant, or
-- all. A key that has expired keeps its status, and isExpired says so.
-- param tenant text required
-- param account text
-- param owner text
-- param tag text
-- param platform text
-- param status text
-- param expiresBefore timestamp
-- param limit integer default 100 min 1 max 1000
-- returns key text, account text, status text, isExpired boolean, platform text, owner text, name text, tags json, spendLimit json
-- returns features json, maxOpenHolds integer, expiresAt timestamp, hash text, issuedAt timestamp, seq integer, at timestamp, reason text
-- page key up
SELECT
    key, account, status, expiresAt IS NOT NULL AND expiresAt <= :now AS isExpired, platform, owner, name, tags, spendLimit, features,
    maxOpenHolds, expiresAt, hash, issuedAt, seq, at, reason
FROM keys
WHERE tenant = :tenant AND key > :after_key
    AND (:account IS NULL OR account = :account) AND (:owner IS NULL OR owner = :owner)
    AND (:platform IS NULL OR platform = :platform) AND (:status IS NULL OR status = :status)
    AND (:expiresBefore IS NULL OR expiresAt < :expiresBefore)
    AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = :tag))
ORDER BY key
LIMIT :limit;
