-- One batch: what was announced and what came, and per unit and dimension what was debited, refunded, and is left net.
-- param tenant text required
-- param account text required
-- param batch text required
-- returns account text, batch text, feature text, size integer, items integer, rejected integer, isOpen boolean, firstSeq integer
-- returns firstAt timestamp, lastSeq integer, lastAt timestamp, closedAt timestamp, units json, quantities json
SELECT
    account, batch, feature, size, items, rejected, closedAt IS NULL AS isOpen, firstSeq, firstAt, lastSeq, lastAt, closedAt,
    (
        SELECT json_group_array(json_object('unit', u.unit, 'debited', u.debited, 'refunded', u.refunded, 'net', u.debited - u.refunded))
        FROM units AS u
        WHERE u.tenant = :tenant AND u.account = :account AND u.batch = :batch
    ) AS units,
    (
        SELECT json_group_array(
            json_object('dimension', d.dimension, 'quantity', d.quantity, 'refunded', d.refunded, 'net', d.quantity - d.refunded)
        )
        FROM dimensions AS d
        WHERE d.tenant = :tenant AND d.account = :account AND d.batch = :batch
    ) AS quantities
FROM batches
WHERE tenant = :tenant AND account = :account AND batch = :batch;
