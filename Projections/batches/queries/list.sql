-- Batches of a tenant, or of one account, the one opened last first.
-- param tenant text required
-- param account text
-- param limit integer default 50 min 1 max 1000
-- returns firstSeq integer, account text, batch text, feature text, size integer, items integer, rejected integer, isOpen boolean
-- returns firstAt timestamp, lastAt timestamp, closedAt timestamp, units json
-- page firstSeq down
SELECT
    firstSeq, account, batch, feature, size, items, rejected, closedAt IS NULL AS isOpen, firstAt, lastAt, closedAt,
    (
        SELECT json_group_array(json_object('unit', u.unit, 'debited', u.debited, 'refunded', u.refunded, 'net', u.debited - u.refunded))
        FROM units AS u
        WHERE u.tenant = found.tenant AND u.account = found.account AND u.batch = found.batch
    ) AS units
FROM (
    SELECT * FROM (
        SELECT * FROM batches
        WHERE :account IS NULL AND tenant = :tenant AND firstSeq < :after_firstSeq ORDER BY firstSeq DESC LIMIT :limit
    )
    UNION ALL
    SELECT * FROM (
        SELECT * FROM batches
        WHERE :account IS NOT NULL AND tenant = :tenant AND account = :account AND firstSeq < :after_firstSeq
        ORDER BY firstSeq DESC LIMIT :limit
    )
) AS found
ORDER BY firstSeq DESC;
