-- Batches of a tenant, or of one account, the one opened last first: of those opened for a feature or with items of it, open or closed, opened
-- between two instants (until not included), with a text in their name whatever the case of its letters A to Z, that cost a least amount
-- net in a unit, or in any.
-- param tenant text required
-- param account text
-- param features texts
-- param isOpen boolean
-- param since timestamp
-- param until timestamp
-- param text text
-- param unit text
-- param minAmount integer
-- param limit integer default 50 min 1 max 1000
-- returns firstSeq integer, account text, batch text, feature text, size integer, items integer, rejected integer, isOpen boolean
-- returns firstAt timestamp, lastAt timestamp, closedAt timestamp, units json
-- page firstSeq down
SELECT
    firstSeq, account, batch, feature, size,
    (
        SELECT coalesce(sum(u.items), 0) FROM units AS u
        WHERE u.tenant = found.tenant AND u.account = found.account AND u.batch = found.batch
    ) AS items,
    rejected, closedAt IS NULL AS isOpen, firstAt,
    max(lastAt, coalesce((
        SELECT max(u.lastAt) FROM units AS u
        WHERE u.tenant = found.tenant AND u.account = found.account AND u.batch = found.batch
    ), lastAt)) AS lastAt,
    closedAt,
    (
        SELECT json_group_array(json_object('unit', unit, 'debited', debited, 'refunded', refunded, 'net', debited - refunded))
        FROM (
            SELECT u.unit AS unit, sum(u.debited) AS debited, sum(u.refunded) AS refunded FROM units AS u
            WHERE u.tenant = found.tenant AND u.account = found.account AND u.batch = found.batch AND u.unit != ''
            GROUP BY u.unit
        )
    ) AS units
FROM (
    SELECT * FROM (
        SELECT * FROM batches AS b
        WHERE :account IS NULL AND tenant = :tenant AND firstSeq < :after_firstSeq
            AND firstSeq >= coalesce((SELECT max(chunk) FROM chunks WHERE firstAt < :since), 0) * 65536
            AND (:until IS NULL OR firstSeq < coalesce((SELECT min(chunk) FROM chunks WHERE firstAt >= :until), 140737488355327) * 65536)
            AND (:since IS NULL OR firstAt >= :since) AND (:until IS NULL OR firstAt < :until)
            AND (:isOpen IS NULL OR (closedAt IS NULL) = :isOpen)
            AND (:text IS NULL OR instr(lower(batch), lower(:text)))
            AND (:features IS NULL OR feature IN (SELECT value FROM json_each(:features)) OR EXISTS (
                SELECT 1 FROM units AS u
                WHERE u.tenant = b.tenant AND u.account = b.account AND u.batch = b.batch
                    AND u.feature IN (SELECT value FROM json_each(:features))
            ))
            AND (:minAmount IS NULL OR EXISTS (
                SELECT 1 FROM units AS u
                WHERE u.tenant = b.tenant AND u.account = b.account AND u.batch = b.batch AND (:unit IS NULL OR u.unit = :unit)
                GROUP BY u.unit HAVING sum(u.debited) - sum(u.refunded) >= :minAmount
            ))
            AND (:unit IS NULL OR EXISTS (
                SELECT 1 FROM units AS u
                WHERE u.tenant = b.tenant AND u.account = b.account AND u.batch = b.batch AND u.unit = :unit
            ))
        ORDER BY firstSeq DESC LIMIT :limit
    )
    UNION ALL
    SELECT * FROM (
        SELECT * FROM batches AS b
        WHERE :account IS NOT NULL AND tenant = :tenant AND account = :account AND firstSeq < :after_firstSeq
            AND firstSeq >= coalesce((SELECT max(chunk) FROM chunks WHERE firstAt < :since), 0) * 65536
            AND (:until IS NULL OR firstSeq < coalesce((SELECT min(chunk) FROM chunks WHERE firstAt >= :until), 140737488355327) * 65536)
            AND (:since IS NULL OR firstAt >= :since) AND (:until IS NULL OR firstAt < :until)
            AND (:isOpen IS NULL OR (closedAt IS NULL) = :isOpen)
            AND (:text IS NULL OR instr(lower(batch), lower(:text)))
            AND (:features IS NULL OR feature IN (SELECT value FROM json_each(:features)) OR EXISTS (
                SELECT 1 FROM units AS u
                WHERE u.tenant = b.tenant AND u.account = b.account AND u.batch = b.batch
                    AND u.feature IN (SELECT value FROM json_each(:features))
            ))
            AND (:minAmount IS NULL OR EXISTS (
                SELECT 1 FROM units AS u
                WHERE u.tenant = b.tenant AND u.account = b.account AND u.batch = b.batch AND (:unit IS NULL OR u.unit = :unit)
                GROUP BY u.unit HAVING sum(u.debited) - sum(u.refunded) >= :minAmount
            ))
            AND (:unit IS NULL OR EXISTS (
                SELECT 1 FROM units AS u
                WHERE u.tenant = b.tenant AND u.account = b.account AND u.batch = b.batch AND u.unit = :unit
            ))
        ORDER BY firstSeq DESC LIMIT :limit
    )
) AS found
ORDER BY firstSeq DESC;
