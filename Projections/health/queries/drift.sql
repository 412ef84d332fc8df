-- Where the balance that the events tell is not what their amounts come to: the first event of each account and unit that disagrees, with
-- the balance that was expected and the one that was found, available or held. No rows when all is well. Of all tenants, or one.
-- param tenant text
-- param limit integer default 100 min 1 max 1000
-- returns tenant text, account text, unit text, seq integer, expected integer, found integer
-- page tenant up, account up, unit up
SELECT
    tenant, account, unit, coalesce(drift ->> '$.seq', seq) AS seq,
    coalesce(drift ->> '$.expected', iif(toldHeld = held, remaining, held)) AS expected,
    coalesce(drift ->> '$.found', iif(toldHeld = held, toldAvailable, toldHeld)) AS found
FROM accounts INDEXED BY drifts
WHERE (drift IS NOT NULL OR toldAvailable <> remaining OR toldHeld <> held)
    AND (tenant, account, unit) > (:after_tenant, :after_account, :after_unit) AND (:tenant IS NULL OR tenant = :tenant)
ORDER BY tenant, account, unit
LIMIT :limit;
