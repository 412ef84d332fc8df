-- One account: its state, labels, the plans in force at the ledger's time, and its balances, each told by the event whose seq stands in it.
-- param tenant text required
-- param account text required
-- returns account text, state text, name text, labels json, plans json, balances json, openedAt timestamp, reason text, seq integer
-- returns at timestamp
SELECT
    account, state, name, labels,
    (
        SELECT json_group_array(s.plan) FROM subscriptions AS s
        WHERE s.tenant = :tenant AND s.account = :account AND s.startsAt <= :now AND (s.endsAt IS NULL OR s.endsAt > :now)
    ) AS plans,
    (
        SELECT json_group_array(json_object(
            'unit', b.unit, 'available', b.available, 'held', b.held, 'unlimited', json(iif(b.unlimited, 'true', 'false')), 'seq', b.seq
        ))
        FROM balances AS b
        WHERE b.tenant = :tenant AND b.account = :account
    ) AS balances,
    openedAt, reason, seq, at
FROM accounts
WHERE tenant = :tenant AND account = :account;
