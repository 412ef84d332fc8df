-- One batch: what was announced and what came, and per unit and dimension what was debited, refunded, and is left net.
-- param tenant text required
-- param account text required
-- param batch text required
-- returns account text, batch text, feature text, size integer, items integer, rejected integer, isOpen boolean, firstSeq integer
-- returns firstAt timestamp, lastSeq integer, lastAt timestamp, closedAt timestamp, units json, quantities json
SELECT
    b.account AS account, b.batch AS batch, b.feature AS feature, b.size AS size, coalesce(sum(u.items), 0) AS items,
    b.rejected AS rejected, b.closedAt IS NULL AS isOpen, b.firstSeq AS firstSeq, b.firstAt AS firstAt,
    max(b.lastSeq, coalesce(max(u.lastSeq), 0)) AS lastSeq, max(b.lastAt, coalesce(max(u.lastAt), b.lastAt)) AS lastAt,
    b.closedAt AS closedAt,
    (
        SELECT json_group_array(json_object('unit', unit, 'debited', debited, 'refunded', refunded, 'net', debited - refunded))
        FROM (
            SELECT unit, sum(debited) AS debited, sum(refunded) AS refunded FROM units
            WHERE tenant = :tenant AND account = :account AND batch = :batch AND unit != ''
            GROUP BY unit
        )
    ) AS units,
    (
        SELECT json_group_array(
            json_object('dimension', d.dimension, 'quantity', d.quantity, 'refunded', d.refunded, 'net', d.quantity - d.refunded)
        )
        FROM dimensions AS d
        WHERE d.tenant = :tenant AND d.account = :account AND d.batch = :batch
    ) AS quantities
FROM batches AS b LEFT JOIN units AS u ON u.tenant = :tenant AND u.account = :account AND u.batch = :batch
WHERE b.tenant = :tenant AND b.account = :account AND b.batch = :batch
GROUP BY b.batch;
