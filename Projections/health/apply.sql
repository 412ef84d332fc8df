INSERT INTO holds (hold, unit, amount)
SELECT seq, unit, sum(amount)
FROM draws
WHERE type = 'held' AND remaining IS NOT NULL
GROUP BY seq, unit;

-- Event by event, in the order of the log. An event may have several rows of one unit, and tells the balance after all of them: it is
-- judged when the next one comes.
--
-- What is drawn from a lot without limit, or comes back to one, changes nothing; nor does what comes back and has expired, unless it is
-- given anew. The end of a hold gives back all that was held, and takes what was used: a settlement does both with its first row.
INSERT INTO accounts (tenant, account, unit, remaining, held, toldAvailable, toldHeld, seq, at, deferredUntil)
WITH others AS MATERIALIZED (
    SELECT seq, part, sum(boundless) AS boundless, sum(reissued) AS reissued
    FROM (
        SELECT seq, part, amount AS boundless, 0 AS reissued FROM draws WHERE remaining IS NULL AND amount > 0
        UNION ALL
        SELECT seq, part, 0, amount FROM draws WHERE type = 'refunded' AND opened = 1 AND lot = seq
    )
    GROUP BY seq, part
)
SELECT
    e.tenant, e.account, e.unit,
    CASE e.type
        WHEN 'debited' THEN coalesce(o.boundless, 0) - e.amount
        WHEN 'held' THEN -coalesce(h.amount, 0)
        WHEN 'granted' THEN e.amount
        WHEN 'allowanceOpened' THEN e.amount
        WHEN 'lotExpired' THEN -e.amount
        WHEN 'adjusted' THEN iif(e.increase, e.amount, coalesce(o.boundless, 0) - e.amount)
        WHEN 'refunded' THEN e.amount - e.expired - coalesce(o.boundless, 0) + coalesce(o.reissued, 0)
        ELSE iif(e.type = 'settled' AND e.returned, 0, coalesce(h.amount, 0))
            - iif(e.returned, e.expired, e.amount - coalesce(o.boundless, 0))
    END,
    CASE e.type
        WHEN 'debited' THEN 0
        WHEN 'held' THEN coalesce(h.amount, 0)
        WHEN 'settled' THEN iif(e.returned, 0, -coalesce(h.amount, 0))
        WHEN 'released' THEN -coalesce(h.amount, 0)
        WHEN 'holdExpired' THEN -coalesce(h.amount, 0)
        ELSE 0
    END,
    iif(e.type = 'lotExpired' OR e.type = 'granted' AND e.effectiveAt > e.at, NULL, e.available), e.held, e.seq, e.at,
    iif(e.type = 'granted' AND e.effectiveAt > e.at, e.effectiveAt, 0)
FROM events AS e
LEFT JOIN others AS o ON o.seq = e.seq AND o.part = e.part
LEFT JOIN holds AS h ON h.hold = e.holdSeq AND h.unit = e.unit
WHERE e.type IN (
    'granted', 'adjusted', 'lotExpired', 'allowanceOpened', 'debited', 'refunded', 'held', 'settled', 'released', 'holdExpired'
) AND e.unit IS NOT NULL
ON CONFLICT DO UPDATE SET
    drift = coalesce(drift, iif(
        excluded.seq > seq AND (toldAvailable <> remaining OR toldHeld <> held),
        iif(
            toldHeld = held, json_object('seq', seq, 'expected', remaining, 'found', toldAvailable),
            json_object('seq', seq, 'expected', held, 'found', toldHeld)
        ), NULL
    )),
    remaining = remaining + excluded.remaining, held = held + excluded.held,
    toldAvailable = iif(excluded.at < deferredUntil, NULL, excluded.toldAvailable), toldHeld = excluded.toldHeld,
    seq = excluded.seq, at = excluded.at, deferredUntil = max(deferredUntil, excluded.deferredUntil);

DELETE FROM holds WHERE hold IN (SELECT holdSeq FROM events WHERE type IN ('settled', 'released', 'holdExpired'));

INSERT INTO flows (tenant, unit, kind, upper, lower)
SELECT
    tenant, unit,
    CASE type
        WHEN 'granted' THEN 'granted'
        WHEN 'allowanceOpened' THEN 'allowed'
        WHEN 'adjusted' THEN iif(increase, 'increased', 'decreased')
        WHEN 'refunded' THEN 'refunded'
        WHEN 'lotExpired' THEN 'expired'
        ELSE 'used'
    END,
    sum(amount / 4294967296), sum(amount % 4294967296)
FROM events
WHERE type IN ('granted', 'adjusted', 'lotExpired', 'allowanceOpened', 'debited', 'refunded', 'settled', 'holdExpired')
    AND unit IS NOT NULL
GROUP BY tenant, unit, type, increase, returned
HAVING returned = 0 OR type = 'refunded'
ON CONFLICT DO UPDATE SET upper = upper + excluded.upper, lower = lower + excluded.lower;

INSERT INTO flows (tenant, unit, kind, upper, lower)
SELECT tenant, unit, 'expired', sum(expired / 4294967296), sum(expired % 4294967296)
FROM events
WHERE type IN ('refunded', 'settled', 'released', 'holdExpired') AND expired > 0
GROUP BY tenant, unit
ON CONFLICT DO UPDATE SET upper = upper + excluded.upper, lower = lower + excluded.lower;

INSERT INTO flows (tenant, unit, kind, upper, lower)
SELECT
    tenant, unit, iif(type = 'refunded', 'boundlessRefunded', 'boundless'), sum(amount / 4294967296), sum(amount % 4294967296)
FROM draws
WHERE type IN ('debited', 'adjusted', 'settled', 'holdExpired', 'refunded') AND remaining IS NULL AND amount > 0
GROUP BY tenant, unit, type, returned
HAVING returned = 0 OR type = 'refunded'
ON CONFLICT DO UPDATE SET upper = upper + excluded.upper, lower = lower + excluded.lower;

INSERT INTO flows (tenant, unit, kind, upper, lower)
SELECT tenant, unit, 'reissued', sum(amount / 4294967296), sum(amount % 4294967296)
FROM draws
WHERE type = 'refunded' AND opened = 1 AND lot = seq
GROUP BY tenant, unit
ON CONFLICT DO UPDATE SET upper = upper + excluded.upper, lower = lower + excluded.lower;
