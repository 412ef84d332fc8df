-- A settlement has rows of one unit for what it took and for what came back: the last one tells the balance after both.
INSERT INTO balances (tenant, account, unit, held, seq, at)
SELECT tenant, account, unit, held, seq, at
FROM (
    SELECT tenant, account, unit, held, seq, at, max(rowid)
    FROM events
    WHERE type IN (
        'granted', 'adjusted', 'lotExpired', 'allowanceOpened', 'debited', 'refunded', 'held', 'settled', 'released', 'holdExpired'
    ) AND unit IS NOT NULL
    GROUP BY tenant, account, unit
)
WHERE true
ON CONFLICT DO UPDATE SET held = excluded.held, seq = excluded.seq, at = excluded.at;

-- A lot that was used up is gone from here; a refund that opens it again tells its terms anew, and the last that is told holds, also when
-- both are in one stretch.
INSERT INTO lots (tenant, account, unit, lot, remaining, priority, effectiveAt, expiresAt, statedExpiresAt, source, plan, period)
SELECT tenant, account, unit, lot, remaining, priority, effectiveAt, expiresAt, expiresAt, source, plan, period
FROM (
    SELECT tenant, account, unit, lot, remaining, priority, effectiveAt, expiresAt, source, plan, period, max(rowid)
    FROM draws
    WHERE opened = 1
    GROUP BY tenant, account, unit, lot
)
WHERE true
ON CONFLICT DO UPDATE SET
    priority = excluded.priority, effectiveAt = excluded.effectiveAt, expiresAt = excluded.expiresAt, source = excluded.source;

-- A lot without limit stays one, whatever is drawn from it or comes back.
UPDATE lots SET remaining = last.remaining
FROM (
    SELECT tenant, account, unit, lot, remaining, max(rowid)
    FROM draws
    WHERE remaining IS NOT NULL
    GROUP BY tenant, account, unit, lot
) AS last
WHERE lots.tenant = last.tenant AND lots.account = last.account AND lots.unit = last.unit AND lots.lot = last.lot
    AND lots.remaining IS NOT NULL;

INSERT INTO subscriptions (tenant, account, plan, seq, isDefault)
SELECT tenant, account, plan, seq, coalesce(json ->> '$.isDefault', 0)
FROM events
WHERE type IN ('subscribed', 'planChanged');

-- The default plan that another will follow goes on until its own end is told.
INSERT INTO ends (seq, tenant, account, plan, at, endsAt)
SELECT seq, tenant, account, plan, at, effectiveAt
FROM (
    SELECT seq, at, tenant, account, iif(type = 'unsubscribed', plan, json ->> '$.from') AS plan, effectiveAt
    FROM events
    WHERE type IN ('unsubscribed', 'planChanged')
) AS e
WHERE effectiveAt <= at OR 0 = (
    SELECT s.isDefault FROM subscriptions AS s
    WHERE s.tenant = e.tenant AND s.account = e.account AND s.plan = e.plan AND s.seq < e.seq
    ORDER BY s.seq DESC LIMIT 1
);

-- A subscription that ends or is changed ends what it gave before, if that does not lapse sooner.
UPDATE lots SET expiresAt = min(coalesce(expiresAt, ended.endsAt), ended.endsAt)
FROM (
    SELECT l.tenant AS tenant, l.account AS account, l.unit AS unit, l.lot AS lot, min(e.endsAt) AS endsAt
    FROM ends AS e CROSS JOIN lots AS l
    WHERE e.seq >= (SELECT seq FROM events LIMIT 1) AND l.tenant = e.tenant AND l.account = e.account AND l.plan = e.plan AND l.lot < e.seq
    GROUP BY l.tenant, l.account, l.unit, l.lot
) AS ended
WHERE lots.tenant = ended.tenant AND lots.account = ended.account AND lots.unit = ended.unit AND lots.lot = ended.lot;

-- A lot that is written off at the instant at which it ends has lapsed by then only if that was known before.
INSERT INTO lapses (tenant, account, unit, expiresAt, lot, amount)
SELECT tenant, account, unit, expiresAt, lot, amount
FROM (
    SELECT tenant, account, unit, expiresAt, lot, amount, at, seq FROM events WHERE type = 'lotExpired' AND amount > 0
) AS e
WHERE expiresAt < at
    OR EXISTS (
        SELECT 1 FROM lots AS l
        WHERE l.tenant = e.tenant AND l.account = e.account AND l.unit = e.unit AND l.lot = e.lot
            AND (l.statedExpiresAt = e.expiresAt OR EXISTS (
                SELECT 1 FROM ends AS d
                WHERE d.tenant = e.tenant AND d.account = e.account AND d.plan = l.plan AND d.endsAt = e.expiresAt AND d.at < d.endsAt
                    AND d.seq > l.lot AND d.seq < e.seq
            ))
    );

INSERT INTO deferrals (tenant, account, unit, effectiveAt, lot, amount)
SELECT tenant, account, unit, effectiveAt, lot, amount FROM events WHERE type = 'granted' AND effectiveAt > at;

INSERT INTO boundless (tenant, account, unit, lot, plan, expiresAt)
SELECT tenant, account, unit, lot, plan, expiresAt FROM draws WHERE type = 'allowanceOpened' AND remaining IS NULL;

UPDATE boundless SET replacedBy = e.seq
FROM (SELECT tenant, account, unit, seq, replaces FROM events WHERE type = 'allowanceOpened' AND replaces IS NOT NULL) AS e
WHERE boundless.tenant = e.tenant AND boundless.account = e.account AND boundless.unit = e.unit AND boundless.lot = e.replaces;

INSERT INTO instants (seq, at) SELECT seq, at FROM events WHERE part = 0;

INSERT INTO chunks (chunk)
WITH RECURSIVE c(chunk) AS (
    SELECT (SELECT seq FROM events LIMIT 1) / 65536
    UNION ALL
    SELECT chunk + 1 FROM c WHERE chunk < (SELECT max(seq) FROM instants) / 65536
)
SELECT chunk FROM c WHERE true
ON CONFLICT DO NOTHING;

-- All rows that an event has of one unit tell the same balance.
INSERT INTO history (chunk, tenant, account, unit, seq, available, held)
SELECT seq / 65536, tenant, account, unit, seq, available, held
FROM events
WHERE type IN (
    'granted', 'adjusted', 'lotExpired', 'allowanceOpened', 'debited', 'refunded', 'held', 'settled', 'released', 'holdExpired'
) AND unit IS NOT NULL
GROUP BY tenant, account, unit, seq;

-- Of an allowance only the newest lot is kept: the one before has lapsed, or this one replaces it.
DELETE FROM lots WHERE (tenant, account, unit, lot) IN (
    SELECT l.tenant, l.account, l.unit, l.lot
    FROM (
        SELECT tenant, account, unit, plan, period, max(seq) AS lot
        FROM events
        WHERE type = 'allowanceOpened'
        GROUP BY tenant, account, unit, plan, period
    ) AS e
    CROSS JOIN lots AS l
    WHERE l.tenant = e.tenant AND l.account = e.account AND l.unit = e.unit AND l.plan = e.plan AND l.period = e.period AND l.lot < e.lot
);

INSERT INTO holds (tenant, account, hold, seq, at, expiresAt, amounts, feature, quantities, key, batch, labels)
SELECT
    tenant, account, hold, seq, at, expiresAt, json_group_array(json_object('unit', unit, 'amount', amount)), feature, max(quantities),
    key, batch, labels
FROM events
WHERE type = 'held'
GROUP BY seq;

UPDATE holds SET expiresAt = extended.expiresAt
FROM (
    SELECT tenant, account, hold, expiresAt, max(seq) FROM events WHERE type = 'holdExtended' GROUP BY tenant, account, hold
) AS extended
WHERE holds.tenant = extended.tenant AND holds.account = extended.account AND holds.hold = extended.hold;

DELETE FROM holds WHERE (tenant, account, hold) IN (
    SELECT tenant, account, hold FROM events WHERE type IN ('settled', 'released', 'holdExpired')
);

INSERT INTO heldLots (hold, lot, unit)
SELECT seq, lot, unit FROM draws WHERE type = 'held';

DELETE FROM heldLots WHERE hold IN (SELECT holdSeq FROM events WHERE type IN ('settled', 'released', 'holdExpired'));

-- A lot is gone when nothing is left of it and nothing held; that of an allowance goes as told above. The end of a hold names all lots that
-- it drew from.
DELETE FROM lots
WHERE (tenant, account, unit, lot) IN (SELECT tenant, account, unit, lot FROM draws WHERE remaining = 0)
    AND remaining = 0 AND plan IS NULL
    AND NOT EXISTS (SELECT 1 FROM heldLots AS h WHERE h.lot = lots.lot AND h.unit = lots.unit);
