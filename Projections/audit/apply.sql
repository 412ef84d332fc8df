-- The default plan comes and goes by itself, with whatever touches the account: that is nobody's act. An end does not say whose it is. A
-- plan to which the account changes later leaves the default one as it is.
INSERT INTO turns (tenant, account, plan, seq, isDefault)
SELECT tenant, account, iif(type = 'planChanged', json ->> '$.from', plan), seq, type = 'subscribed'
FROM events
WHERE type IN ('subscribed', 'planChanged', 'unsubscribed')
    AND CASE type WHEN 'subscribed' THEN json ->> '$.isDefault' IS NOT NULL WHEN 'planChanged' THEN effectiveAt <= at ELSE true END
ORDER BY tenant, account;

INSERT INTO acts (
    tenant, at, seq, part, kind, actor, peer, id, account, document, subject, reason, unit, amount, availableBefore, available, held,
    unlimited, thing, before, after
)
SELECT
    tenant, at, seq, part, type, actor, peer, id, account, document,
    CASE type
        WHEN 'granted' THEN NULL
        WHEN 'refunded' THEN of
        WHEN 'keyIssued' THEN key
        WHEN 'keyUpdated' THEN key
        WHEN 'keyRevoked' THEN key
        ELSE plan
    END,
    CASE type WHEN 'signingKeyReplaced' THEN json ->> '$.reason' ELSE reason END, unit,
    CASE type
        WHEN 'granted' THEN amount
        WHEN 'refunded' THEN amount
        WHEN 'adjusted' THEN iif(increase, amount, -amount)
    END,
    CASE type
        WHEN 'granted' THEN iif(effectiveAt > at, available, available - amount)
        WHEN 'adjusted' THEN json ->> '$.before.available'
    END,
    available, held, unlimited,
    CASE type
        WHEN 'granted' THEN NULL
        WHEN 'configured' THEN 'document ' || document
        WHEN 'configurationScheduled' THEN 'schedule ' || document
        WHEN 'configurationCancelled' THEN 'schedule ' || document
        WHEN 'keyIssued' THEN 'key ' || key
        WHEN 'keyUpdated' THEN 'key ' || key
        WHEN 'keyRevoked' THEN 'key ' || key
        WHEN 'accountFrozen' THEN 'account ' || account
        WHEN 'accountUnfrozen' THEN 'account ' || account
        WHEN 'accountClosed' THEN 'account ' || account
    END,
    CASE type
        WHEN 'planChanged' THEN json_object('plan', json ->> '$.from')
        WHEN 'unsubscribed' THEN json_object('plan', plan)
    END,
    CASE type
        WHEN 'granted' THEN NULL
        WHEN 'adjusted' THEN NULL
        WHEN 'refunded' THEN NULL
        WHEN 'accountOpened' THEN '{"state":"open"}'
        WHEN 'accountFrozen' THEN '{"state":"frozen"}'
        WHEN 'accountUnfrozen' THEN '{"state":"open"}'
        WHEN 'accountClosed' THEN '{"state":"closed"}'
        WHEN 'configured' THEN nullif(json -> '$.value', 'null')
        WHEN 'configurationScheduled' THEN nullif(json -> '$.value', 'null')
        WHEN 'configurationCancelled' THEN NULL
        WHEN 'keyIssued' THEN json_set(
            json_remove(
                json, '$.seq', '$.at', '$.day', '$.type', '$.tenant', '$.id', '$.events', '$.body', '$.peer', '$.actor', '$.account',
                '$.key', '$.hash'
            ), '$.status', 'active'
        )
        WHEN 'keyUpdated' THEN json_remove(
            json, '$.seq', '$.at', '$.day', '$.type', '$.tenant', '$.id', '$.events', '$.body', '$.peer', '$.actor', '$.account', '$.key'
        )
        WHEN 'keyRevoked' THEN '{"status":"revoked"}'
        WHEN 'planChanged' THEN json_object('plan', plan, 'effectiveAt', json ->> '$.effectiveAt')
        WHEN 'unsubscribed' THEN NULL
        -- What the event says beside its envelope.
        ELSE json_remove(
            json, '$.seq', '$.at', '$.day', '$.type', '$.tenant', '$.id', '$.events', '$.body', '$.peer', '$.actor', '$.account', '$.reason'
        )
    END
FROM events AS e
WHERE type IN (
        'accountOpened', 'accountFrozen', 'accountUnfrozen', 'accountClosed', 'granted', 'adjusted', 'refunded', 'subscribed',
        'planChanged', 'unsubscribed', 'allowanceOverridden', 'allowanceReset', 'configured', 'configurationScheduled',
        'configurationCancelled', 'keyIssued', 'keyUpdated', 'keyRevoked', 'alertDelivered', 'alertRead', 'restored',
        'signingKeyReplaced'
    )
    AND (type != 'refunded' OR reason IS NOT NULL)
    AND (type != 'subscribed' OR json ->> '$.isDefault' IS NULL)
    AND (type != 'unsubscribed' OR coalesce((
        SELECT NOT t.isDefault FROM turns AS t
        WHERE t.tenant = e.tenant AND t.account = e.account AND t.plan = e.plan AND t.seq < e.seq
        ORDER BY t.seq DESC
        LIMIT 1
    ), true));
