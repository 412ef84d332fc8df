INSERT INTO balances (tenant, account, unit, held, seq, at)
SELECT tenant, account, unit, held, max(seq), at
FROM events
WHERE type IN ('granted', 'adjusted', 'debited', 'refunded', 'lotExpired')
GROUP BY tenant, account, unit
ON CONFLICT DO UPDATE SET held = excluded.held, seq = excluded.seq, at = excluded.at;

-- A lot that was used up is gone from here; a refund that opens it again tells its terms anew, and the last that is told holds, also when
-- both are in one stretch.
INSERT INTO lots (tenant, account, unit, lot, remaining, priority, effectiveAt, expiresAt, source)
SELECT tenant, account, unit, lot, remaining, priority, effectiveAt, expiresAt, source
FROM (
    SELECT tenant, account, unit, lot, remaining, priority, effectiveAt, expiresAt, source, max(seq)
    FROM draws
    WHERE opened = 1
    GROUP BY tenant, account, unit, lot
)
WHERE true
ON CONFLICT DO UPDATE SET
    priority = excluded.priority, effectiveAt = excluded.effectiveAt, expiresAt = excluded.expiresAt, source = excluded.source;

UPDATE lots SET remaining = last.remaining
FROM (SELECT tenant, account, unit, lot, remaining, max(seq) FROM draws GROUP BY tenant, account, unit, lot) AS last
WHERE lots.tenant = last.tenant AND lots.account = last.account AND lots.unit = last.unit AND lots.lot = last.lot;

DELETE FROM lots
WHERE remaining = 0 AND (tenant, account, unit, lot) IN (SELECT tenant, account, unit, lot FROM draws WHERE remaining = 0);
