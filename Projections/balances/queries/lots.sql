-- The lots of an account that have something left and have not lapsed, per unit in the order in which they are drawn; one without limit
-- has no remaining.
-- param tenant text required
-- param account text required
-- param unit text
-- returns unit text, lot integer, remaining integer, unlimited boolean, priority integer, effectiveAt timestamp, expiresAt timestamp
-- returns source text, plan text, period text, inForce boolean
SELECT
    unit, lot, remaining, remaining IS NULL AS unlimited, priority, effectiveAt, expiresAt, source, plan, period,
    effectiveAt IS NULL OR effectiveAt <= :now AS inForce
FROM lots
WHERE tenant = :tenant AND account = :account AND (:unit IS NULL OR unit = :unit) AND (expiresAt IS NULL OR expiresAt > :now)
    AND (remaining IS NULL OR remaining > 0)
ORDER BY unit, priority, expiresAt NULLS LAST, lot;
