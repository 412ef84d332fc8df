-- The open lots of an account that have not lapsed, per unit in the order in which they are drawn.
-- param tenant text required
-- param account text required
-- param unit text
-- returns unit text, lot integer, remaining integer, priority integer, effectiveAt timestamp, expiresAt timestamp, source text
-- returns inForce boolean
SELECT unit, lot, remaining, priority, effectiveAt, expiresAt, source, effectiveAt IS NULL OR effectiveAt <= :now AS inForce
FROM lots
WHERE tenant = :tenant AND account = :account AND (:unit IS NULL OR unit = :unit) AND (expiresAt IS NULL OR expiresAt > :now)
ORDER BY unit, priority, expiresAt NULLS LAST, lot;
