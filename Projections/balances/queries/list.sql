-- What every account of a tenant has of each unit, as of the ledger's time, in order of the accounts: of some accounts, of those with a
-- prefix, of some units, with so much available, or all. What is unlimited is above every minimum and below no maximum.
-- param tenant text required
-- param accounts texts
-- param prefix text
-- param units texts
-- param minAvailable integer min 0
-- param maxAvailable integer min 0
-- param limit integer default 100 min 1 max 1000
-- returns account text, unit text, available integer, held integer, unlimited boolean, lots integer, seq integer, at timestamp
-- page account up, unit up
SELECT *
FROM (
    SELECT
        b.account AS account,
        b.unit AS unit,
        (
            SELECT coalesce(sum(l.remaining), 0) FROM lots AS l
            WHERE l.tenant = b.tenant AND l.account = b.account AND l.unit = b.unit
                AND (l.effectiveAt IS NULL OR l.effectiveAt <= :now) AND (l.expiresAt IS NULL OR l.expiresAt > :now)
        ) AS available,
        b.held AS held,
        EXISTS (
            SELECT 1 FROM lots AS l
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
    WHERE b.tenant = :tenant AND b.account >= coalesce(:prefix, '') AND (b.account, b.unit) > (:after_account, :after_unit)
        AND (:prefix IS NULL OR substr(b.account, 1, length(:prefix)) = :prefix)
        AND (:accounts IS NULL OR b.account IN (SELECT value FROM json_each(:accounts)))
        AND (:units IS NULL OR b.unit IN (SELECT value FROM json_each(:units)))
)
WHERE (:minAvailable IS NULL OR available >= :minAvailable OR unlimited)
    AND (:maxAvailable IS NULL OR available <= :maxAvailable AND NOT unlimited)
ORDER BY account, unit
LIMIT :limit;
