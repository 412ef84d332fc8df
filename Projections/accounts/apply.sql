-- Every event of an account stands behind the one that opened it.
INSERT INTO accounts (tenant, account, state, name, labels, openedAt, seq, at)
SELECT tenant, account, 'open', name, labels, at, seq, at
FROM events
WHERE type = 'accountOpened';

UPDATE accounts SET state = last.state, reason = last.reason, seq = last.seq, at = last.at
FROM (
    SELECT
        tenant, account, CASE type WHEN 'accountFrozen' THEN 'frozen' WHEN 'accountClosed' THEN 'closed' ELSE 'open' END AS state, reason,
        max(seq) AS seq, at
    FROM events
    WHERE type IN ('accountFrozen', 'accountUnfrozen', 'accountClosed')
    GROUP BY tenant, account
) AS last
WHERE accounts.tenant = last.tenant AND accounts.account = last.account;

INSERT INTO subscriptions (tenant, account, seq, plan, startsAt, endsAt, anchor, isDefault, id)
SELECT tenant, account, seq, plan, effectiveAt, expiresAt, json ->> '$.anchor', coalesce(json ->> '$.isDefault', 0), id
FROM events
WHERE type IN ('subscribed', 'planChanged');

-- An end names the plan: it is that of the subscription before, if that has not ended sooner. An account that gets its default plan for
-- itself is told so first, and in the same command that the default has ended. The default plan that another will follow goes on until its
-- own end is told.
UPDATE subscriptions SET endsAt = min(coalesce(endsAt, ended.at), ended.at)
FROM (
    SELECT s.tenant AS tenant, s.account AS account, s.seq AS seq, min(e.effectiveAt) AS at
    FROM (
        SELECT seq, at, type, tenant, account, id, iif(type = 'unsubscribed', plan, json ->> '$.from') AS plan, effectiveAt
        FROM events
        WHERE type IN ('unsubscribed', 'planChanged')
    ) AS e
    CROSS JOIN subscriptions AS s
    WHERE s.tenant = e.tenant AND s.account = e.account AND s.plan = e.plan AND s.seq < e.seq
        AND iif(s.isDefault, e.effectiveAt <= e.at, e.type = 'planChanged' OR s.id <> e.id)
    GROUP BY s.tenant, s.account, s.seq
) AS ended
WHERE subscriptions.tenant = ended.tenant AND subscriptions.account = ended.account AND subscriptions.seq = ended.seq;

INSERT INTO balances (tenant, account, unit, available, held, unlimited, seq, at)
SELECT tenant, account, unit, available, held, unlimited, seq, at
FROM (
    SELECT tenant, account, unit, available, held, unlimited, seq, at, max(rowid)
    FROM events
    WHERE type IN (
        'granted', 'adjusted', 'lotExpired', 'allowanceOpened', 'debited', 'refunded', 'held', 'settled', 'released', 'holdExpired'
    ) AND unit IS NOT NULL
    GROUP BY tenant, account, unit
)
WHERE true
ON CONFLICT DO UPDATE SET
    available = excluded.available, held = excluded.held, unlimited = excluded.unlimited, seq = excluded.seq, at = excluded.at;
