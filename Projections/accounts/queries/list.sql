-- The accounts of a tenant in order of their names: of one state, with one of some plans, with all of some labels (name=value), with a
-- prefix, with a text in account or name, whatever the case of its letters A to Z, with so much available of a unit (without one, of any),
-- or all. Plans are those in force at the ledger's time. A balance is the one told by the event whose seq stands in it; what is unlimited
-- is above every minimum.
-- param tenant text required
-- param state text oneof open|frozen|closed
-- param plan text
-- param plans texts
-- param labels texts
-- param prefix text
-- param text text
-- param unit text
-- param minAvailable integer min 0
-- param maxAvailable integer min 0
-- param limit integer default 100 min 1 max 1000
-- returns account text, state text, name text, labels json, plans json, balances json, openedAt timestamp, reason text, seq integer
-- returns at timestamp
-- page account up
WITH RECURSIVE found(account) AS (
    -- From account to account, by the index that serves the filter: so they come in order, and no further than the page goes. The first is
    -- where the search begins, whether or not there is an account of that name.
    SELECT max(coalesce(:prefix, ''), :after_account)
    UNION ALL
    SELECT CASE
        WHEN coalesce(:plans, :plan) IS NOT NULL THEN (
            SELECT min((
                SELECT min(s.account) FROM subscriptions AS s
                WHERE s.tenant = :tenant AND s.plan = p.value AND s.account > found.account
            ))
            FROM json_each(coalesce(:plans, json_array(:plan))) AS p
            WHERE :plan IS NULL OR p.value = :plan
        )
        WHEN :state IS NOT NULL THEN (
            SELECT min(n.account) FROM accounts AS n WHERE n.tenant = :tenant AND n.state = :state AND n.account > found.account
        )
        ELSE (SELECT min(n.account) FROM accounts AS n WHERE n.tenant = :tenant AND n.account > found.account)
    END
    FROM found
    WHERE found.account IS NOT NULL AND (:prefix IS NULL OR substr(found.account, 1, length(:prefix)) = :prefix)
)
SELECT
    a.account AS account, a.state AS state, a.name AS name, a.labels AS labels,
    (
        SELECT json_group_array(s.plan) FROM subscriptions AS s
        WHERE s.tenant = :tenant AND s.account = a.account AND s.startsAt <= :now AND (s.endsAt IS NULL OR s.endsAt > :now)
    ) AS plans,
    (
        SELECT json_group_array(json_object(
            'unit', b.unit, 'available', b.available, 'held', b.held, 'unlimited', json(iif(b.unlimited, 'true', 'false')), 'seq', b.seq
        ))
        FROM balances AS b
        WHERE b.tenant = :tenant AND b.account = a.account
    ) AS balances,
    a.openedAt AS openedAt, a.reason AS reason, a.seq AS seq, a.at AS at
FROM found AS f CROSS JOIN accounts AS a
WHERE a.tenant = :tenant AND a.account = f.account AND a.account > :after_account
    AND (:prefix IS NULL OR substr(a.account, 1, length(:prefix)) = :prefix)
    AND (:state IS NULL OR a.state = :state)
    AND (:text IS NULL OR instr(lower(a.name), lower(:text)) > 0 OR instr(lower(a.account), lower(:text)) > 0)
    AND (coalesce(:plans, :plan) IS NULL OR EXISTS (
        SELECT 1 FROM subscriptions AS s
        WHERE s.tenant = :tenant AND s.account = a.account AND s.startsAt <= :now AND (s.endsAt IS NULL OR s.endsAt > :now)
            AND (:plan IS NULL OR s.plan = :plan) AND (:plans IS NULL OR s.plan IN (SELECT value FROM json_each(:plans)))
    ))
    AND (:labels IS NULL OR NOT EXISTS (
        SELECT 1 FROM json_each(:labels) AS wanted
        WHERE NOT EXISTS (SELECT 1 FROM json_each(a.labels) AS l WHERE l.key || '=' || l.value = wanted.value)
    ))
    AND (coalesce(:unit, :minAvailable, :maxAvailable) IS NULL OR EXISTS (
        SELECT 1 FROM balances AS b
        WHERE b.tenant = :tenant AND b.account = a.account AND (:unit IS NULL OR b.unit = :unit)
            AND (:minAvailable IS NULL OR b.available >= :minAvailable OR b.unlimited)
            AND (:maxAvailable IS NULL OR b.available <= :maxAvailable AND NOT b.unlimited)
    ))
LIMIT :limit;
