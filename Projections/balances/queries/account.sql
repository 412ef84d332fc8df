-- What an account has of each unit, as of the ledger's time: a lapsed lot does not count, whether or not its event is written yet. A
-- window that nobody has touched is not open here; the method balance judges it as if it were.
-- param tenant text required
-- param account text required
-- param unit text
-- returns unit text, available integer, held integer, unlimited boolean, lots integer, seq integer, at timestamp
SELECT
    b.unit AS unit,
    coalesce(l.available, 0) AS available,
    b.held AS held,
    coalesce(l.unlimited, 0) AS unlimited,
    coalesce(l.lots, 0) AS lots,
    b.seq AS seq,
    b.at AS at
FROM balances AS b
LEFT JOIN (
    SELECT
        unit,
        sum(iif(effectiveAt IS NULL OR effectiveAt <= :now, remaining, 0)) AS available,
        max(remaining IS NULL AND (effectiveAt IS NULL OR effectiveAt <= :now)) AS unlimited,
        sum(remaining IS NULL OR remaining > 0) AS lots
    FROM lots
    WHERE tenant = :tenant AND account = :account AND (expiresAt IS NULL OR expiresAt > :now)
    GROUP BY unit
) AS l ON l.unit = b.unit
WHERE b.tenant = :tenant AND b.account = :account AND (:unit IS NULL OR b.unit = :unit)
ORDER BY b.unit;
