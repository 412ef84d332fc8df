-- What an account has of each unit, as of the ledger's time: a lapsed lot does not count, whether or not its event is written yet.
-- param tenant text required
-- param account text required
-- param unit text
-- returns unit text, available integer, held integer, lots integer, seq integer, at timestamp
SELECT
    b.unit AS unit,
    (
        SELECT coalesce(sum(l.remaining), 0) FROM lots AS l
        WHERE l.tenant = b.tenant AND l.account = b.account AND l.unit = b.unit
            AND (l.effectiveAt IS NULL OR l.effectiveAt <= :now) AND (l.expiresAt IS NULL OR l.expiresAt > :now)
    ) AS available,
    b.held AS held,
    (
        SELECT count(*) FROM lots AS l
        WHERE l.tenant = b.tenant AND l.account = b.account AND l.unit = b.unit AND (l.expiresAt IS NULL OR l.expiresAt > :now)
    ) AS lots,
    b.seq AS seq,
    b.at AS at
FROM balances AS b
WHERE b.tenant = :tenant AND b.account = :account AND (:unit IS NULL OR b.unit = :unit)
ORDER BY b.unit;
