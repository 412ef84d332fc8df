-- The keys of a tenant in order of their names, with their uses: of some accounts, owners, platforms, statuses or tags (one of them is
-- enough), that expire or were issued in a time, are expired or not, were ever used or not, were not used since an instant, or all. Uses
-- are the debits and the holds made with a key, whatever became of the holds. Until and before are not included. Text is looked for in the
-- names of key, account, owner and platform and in the tags, whatever the case of its letters A to Z. A key that has expired keeps its
-- status, and isExpired says so.
-- param tenant text required
-- param account text
-- param owner text
-- param tag text
-- param platform text
-- param status text
-- param expiresBefore timestamp
-- param expiresAfter timestamp
-- param keys texts
-- param accounts texts
-- param owners texts
-- param platforms texts
-- param tags texts
-- param statuses texts oneof active|disabled|faulty|revoked
-- param issuedSince timestamp
-- param issuedUntil timestamp
-- param expired boolean
-- param used boolean
-- param unusedSince timestamp
-- param text text
-- param limit integer default 100 min 1 max 1000
-- returns key text, account text, status text, isExpired boolean, platform text, owner text, name text, tags json, spendLimit json
-- returns features json, maxOpenHolds integer, expiresAt timestamp, hash text, issuedAt timestamp, seq integer, at timestamp, reason text
-- returns lastUsedAt timestamp, uses integer
-- page key up
SELECT
    k.key AS key, k.account AS account, k.status AS status, k.expiresAt IS NOT NULL AND k.expiresAt <= :now AS isExpired,
    k.platform AS platform, k.owner AS owner, k.name AS name, k.tags AS tags, k.spendLimit AS spendLimit, k.features AS features,
    k.maxOpenHolds AS maxOpenHolds, k.expiresAt AS expiresAt, k.hash AS hash, k.issuedAt AS issuedAt, k.seq AS seq, k.at AS at,
    k.reason AS reason, u.lastUsedAt AS lastUsedAt, coalesce(u.uses, 0) AS uses
FROM keys AS k LEFT JOIN keyUses AS u ON u.tenant = k.tenant AND u.key = k.key
WHERE k.tenant = :tenant AND k.key > :after_key
    AND (:account IS NULL OR k.account = :account) AND (:owner IS NULL OR k.owner = :owner)
    AND (:platform IS NULL OR k.platform = :platform) AND (:status IS NULL OR k.status = :status)
    AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(k.tags) AS t WHERE t.value = :tag))
    AND (:keys IS NULL OR k.key IN (SELECT value FROM json_each(:keys)))
    AND (:accounts IS NULL OR k.account IN (SELECT value FROM json_each(:accounts)))
    AND (:owners IS NULL OR k.owner IN (SELECT value FROM json_each(:owners)))
    AND (:platforms IS NULL OR k.platform IN (SELECT value FROM json_each(:platforms)))
    AND (:tags IS NULL OR EXISTS (SELECT 1 FROM json_each(k.tags) AS t WHERE t.value IN (SELECT value FROM json_each(:tags))))
    AND (:statuses IS NULL OR k.status IN (SELECT value FROM json_each(:statuses)))
    AND (:expiresBefore IS NULL OR k.expiresAt < :expiresBefore) AND (:expiresAfter IS NULL OR k.expiresAt > :expiresAfter)
    AND (:issuedSince IS NULL OR k.issuedAt >= :issuedSince) AND (:issuedUntil IS NULL OR k.issuedAt < :issuedUntil)
    AND (:expired IS NULL OR (k.expiresAt IS NOT NULL AND k.expiresAt <= :now) = :expired)
    AND (:used IS NULL OR (u.key IS NOT NULL) = :used)
    AND (:unusedSince IS NULL OR u.lastUsedAt IS NULL OR u.lastUsedAt < :unusedSince)
    AND (
        :text IS NULL OR instr(lower(k.key), lower(:text)) OR instr(lower(k.name), lower(:text)) OR instr(lower(k.account), lower(:text))
        OR instr(lower(k.owner), lower(:text)) OR instr(lower(k.platform), lower(:text))
        OR EXISTS (SELECT 1 FROM json_each(k.tags) AS t WHERE instr(lower(t.value), lower(:text)))
    )
ORDER BY k.key
LIMIT :limit;
