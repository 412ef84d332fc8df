-- What every account of a tenant has of each unit, as of the ledger's time, in order of the accounts.
-- param tenant text required
-- param limit integer default 100 min 1 max 1000
-- returns account text, unit text, available integer, held integer, unlimited boolean, lots integer, seq integer, at timestamp
-- page account up, unit up
SELECT
    b.account AS account,
    b.unit AS unit,
    (
        SELECT coalesce(sum(l.remaining), 0) FROM lots AS l
        WHERE l.tenant = b.tenant AND l.account = b.account AND l.unit = b.unit
            AND (l.effectiveAt IS NULL OR l.effectiveAt <= :now) AND (l.expiresAt IS NULL OR l.expiresAt > :now)
    ) AS available,
    b.held AS held,
    (
        SELECT count(*) > 0 FROM lots AS l
        WHERE l.tenant = b.tenant AND l.account = b.account AND l.unit = b.unit AND l.remaining IS NULL
            AND (l.effectiveAt IS NULL OR l.effectiveAt <= :now) AND (l.expiresAt IS NULL OR l.expiresAt > :now)
    ) AS unlimited,
    (
        SELECT count(*) FROM lots AS l
        WHERE l.tenant = b.tenant AND l.account = b.account AND l.unit = b.unit AND (l.remaining IS NULL OR l.remaining > 0)
            AND (l.expiresAt IS NULL OR l.expiresAt > :now)
    ) AS lots,
    b.seq AS seq,
    b.at AS at
FROM balances AS b
WHERE b.tenant = :tenant AND (b.account, b.unit) > (:after_account, :after_unit)
ORDER BY b.account, b.unit
LIMIT :limit;
