INSERT INTO subscriptions (tenant, account, plan, seq, startsAt, isDefault)
SELECT tenant, account, plan, seq, effectiveAt, coalesce(json ->> '$.isDefault', 0)
FROM events
WHERE type IN ('subscribed', 'planChanged');

-- Whatever the stretch changes is taken out of the levels before, and counted again as it is then.
INSERT INTO touched (window)
SELECT DISTINCT l.window
FROM draws AS d CROSS JOIN lots AS l
WHERE d.type IN ('debited', 'adjusted', 'settled', 'holdExpired', 'refunded') AND l.lot = d.lot;

INSERT INTO touched (window)
SELECT l.window
FROM events AS e CROSS JOIN lots AS l
WHERE e.type = 'allowanceOpened' AND e.replaces IS NOT NULL AND l.lot = e.replaces
ON CONFLICT DO NOTHING;

INSERT INTO touched (window)
SELECT w.window
FROM events AS e CROSS JOIN windows AS w
WHERE e.type IN ('unsubscribed', 'planChanged', 'accountClosed') AND w.tenant = e.tenant AND w.account = e.account
    AND w.endsAt > coalesce(e.effectiveAt, e.at)
ON CONFLICT DO NOTHING;

INSERT INTO levels (
    tenant, endsAt, plan, unit, period, unlimited, windows, limitUpper, limitLower, usedUpper, usedLower, at80, at95, at100
)
SELECT
    c.tenant, c.endsAt, c.plan, c.unit, c.period, c.unlimited, -count(*), -sum(c.limitUpper), -sum(c.limitLower), -sum(c.usedUpper),
    -sum(c.usedLower), -sum(c.at80), -sum(c.at95), -sum(c.at100)
FROM touched AS t CROSS JOIN counted AS c
WHERE c.window = t.window
GROUP BY 1, 2, 3, 4, 5, 6
ON CONFLICT DO UPDATE SET
    windows = windows + excluded.windows, limitUpper = limitUpper + excluded.limitUpper, limitLower = limitLower + excluded.limitLower,
    usedUpper = usedUpper + excluded.usedUpper, usedLower = usedLower + excluded.usedLower, at80 = at80 + excluded.at80,
    at95 = at95 + excluded.at95, at100 = at100 + excluded.at100;

INSERT INTO windows (
    window, tenant, account, unit, plan, version, period, startsAt, resetsAt, endsAt, lot, allotted, carried, used, held, toldSeq
)
SELECT
    seq, tenant, account, unit, plan, version, period, windowStart, windowEnd, coalesce(expiresAt, 9223372036854775807),
    seq, nullif(json ->> '$.amount', -1), coalesce(json ->> '$.carried', 0), 0, 0, seq
FROM events
WHERE type = 'allowanceOpened' AND replaces IS NULL;

INSERT INTO lots (lot, window) SELECT seq, seq FROM events WHERE type = 'allowanceOpened' AND replaces IS NULL;

INSERT INTO lots (lot, window)
WITH RECURSIVE
    replacing AS MATERIALIZED (SELECT seq, replaces FROM events WHERE type = 'allowanceOpened' AND replaces IS NOT NULL),
    chain AS (
        SELECT r.seq AS lot, l.window AS window FROM replacing AS r CROSS JOIN lots AS l WHERE l.lot = r.replaces
        UNION ALL
        SELECT r.seq, c.window FROM chain AS c CROSS JOIN replacing AS r WHERE r.replaces = c.lot
    )
SELECT lot, window FROM chain;

INSERT INTO touched (window)
SELECT seq FROM events WHERE type = 'allowanceOpened' AND replaces IS NULL;

UPDATE windows SET
    plan = last.plan, version = last.version, endsAt = last.endsAt, lot = last.lot, allotted = last.allotted, carried = last.carried,
    used = last.used, toldSeq = last.lot
FROM (
    SELECT
        l.window AS window, e.plan AS plan, e.version AS version, coalesce(e.expiresAt, 9223372036854775807) AS endsAt,
        nullif(e.json ->> '$.amount', -1) AS allotted, coalesce(e.json ->> '$.carried', 0) AS carried,
        coalesce(e.json ->> '$.used', 0) AS used, max(e.seq) AS lot
    FROM events AS e CROSS JOIN lots AS l
    WHERE e.type = 'allowanceOpened' AND e.replaces IS NOT NULL AND l.lot = e.seq
    GROUP BY l.window
) AS last
WHERE windows.window = last.window;

-- A subscription that ends or is changed ends what it gave before, if that does not end sooner; but the default plan's goes on until its
-- end is told. An account that is closed ends all that it has: it names no plan.
UPDATE windows SET endsAt = ended.endsAt
FROM (
    SELECT w.window AS window, min(e.endsAt) AS endsAt
    FROM (
        SELECT
            seq, at, tenant, account, iif(type = 'planChanged', json ->> '$.from', plan) AS plan, coalesce(effectiveAt, at) AS endsAt
        FROM events
        WHERE type IN ('unsubscribed', 'planChanged', 'accountClosed')
    ) AS e
    CROSS JOIN windows AS w
    WHERE w.tenant = e.tenant AND w.account = e.account AND w.plan = coalesce(e.plan, w.plan) AND w.lot < e.seq AND w.endsAt > e.endsAt
        AND (
            e.endsAt <= e.at OR 0 = (
                SELECT s.isDefault FROM subscriptions AS s
                WHERE s.tenant = e.tenant AND s.account = e.account AND s.plan = e.plan AND s.seq < e.seq
                ORDER BY s.seq DESC LIMIT 1
            )
        )
    GROUP BY w.window
) AS ended
WHERE windows.window = ended.window;

-- A refund tells what is left used: it cannot fall below 0, so it is no sum.
UPDATE windows SET used = told.used, toldSeq = told.seq
FROM (
    SELECT l.window AS window, m.value ->> '$.used' AS used, max(e.seq) AS seq
    FROM events AS e CROSS JOIN json_each(e.json -> '$.meters') AS m CROSS JOIN lots AS l
    WHERE e.type = 'refunded' AND e.part = 0 AND l.lot = m.value ->> '$.lot'
    GROUP BY l.window
) AS told
WHERE windows.window = told.window AND told.seq > windows.toldSeq;

UPDATE windows SET used = used + taken.amount
FROM (
    SELECT w.window AS window, sum(d.amount) AS amount
    FROM draws AS d CROSS JOIN lots AS l CROSS JOIN windows AS w
    WHERE d.type IN ('debited', 'adjusted', 'settled', 'holdExpired') AND d.returned = 0 AND l.lot = d.lot AND w.window = l.window
        AND d.seq > w.toldSeq
    GROUP BY w.window
) AS taken
WHERE windows.window = taken.window;

INSERT INTO holds (hold, window, amount)
SELECT d.seq, l.window, sum(d.amount)
FROM draws AS d CROSS JOIN lots AS l
WHERE d.type = 'held' AND l.lot = d.lot
GROUP BY d.seq, l.window;

UPDATE windows SET held = held + begun.amount
FROM (
    SELECT l.window AS window, sum(d.amount) AS amount
    FROM draws AS d CROSS JOIN lots AS l
    WHERE d.type = 'held' AND l.lot = d.lot
    GROUP BY l.window
) AS begun
WHERE windows.window = begun.window;

UPDATE windows SET held = held - ended.amount
FROM (
    SELECT h.window AS window, sum(h.amount) AS amount
    FROM events AS e CROSS JOIN holds AS h
    WHERE e.type IN ('settled', 'released', 'holdExpired') AND e.part = 0 AND h.hold = e.holdSeq
    GROUP BY h.window
) AS ended
WHERE windows.window = ended.window;

DELETE FROM holds WHERE hold IN (SELECT holdSeq FROM events WHERE type IN ('settled', 'released', 'holdExpired'));

INSERT INTO levels (
    tenant, endsAt, plan, unit, period, unlimited, windows, limitUpper, limitLower, usedUpper, usedLower, at80, at95, at100
)
SELECT
    c.tenant, c.endsAt, c.plan, c.unit, c.period, c.unlimited, count(*), sum(c.limitUpper), sum(c.limitLower), sum(c.usedUpper),
    sum(c.usedLower), sum(c.at80), sum(c.at95), sum(c.at100)
FROM touched AS t CROSS JOIN counted AS c
WHERE c.window = t.window
GROUP BY 1, 2, 3, 4, 5, 6
ON CONFLICT DO UPDATE SET
    windows = windows + excluded.windows, limitUpper = limitUpper + excluded.limitUpper, limitLower = limitLower + excluded.limitLower,
    usedUpper = usedUpper + excluded.usedUpper, usedLower = usedLower + excluded.usedLower, at80 = at80 + excluded.at80,
    at95 = at95 + excluded.at95, at100 = at100 + excluded.at100;

DELETE FROM levels WHERE windows = 0;

DELETE FROM touched;
