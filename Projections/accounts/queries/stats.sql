-- How many accounts a tenant has: in each state, and, of those that are not closed, with each plan in force at the ledger's time. It counts
-- an entry of each account.
-- param tenant text required
-- returns kind text, name text, accounts integer
SELECT 'state' AS kind, state AS name, count(*) AS accounts
FROM accounts
WHERE tenant = :tenant
GROUP BY state
UNION ALL
SELECT 'plan', plan, count(*)
FROM subscriptions
WHERE tenant = :tenant AND startsAt <= :now AND (endsAt IS NULL OR endsAt > :now)
    AND account NOT IN (SELECT a.account FROM accounts AS a WHERE a.tenant = :tenant AND a.state = 'closed')
GROUP BY plan
ORDER BY 1 DESC, 2;
