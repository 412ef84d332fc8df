-- The windows of an account's allowances, the one opened last first: those of some plans, units or periods, of one state, or all. A window
-- that nobody has touched is not there yet; the method quota judges it as if it were.
-- param tenant text required
-- param account text required
-- param plans texts
-- param units texts
-- param periods texts oneof day|month|never
-- param state text oneof open|ended
-- param limit integer default 50 min 1 max 1000
-- returns window integer, plan text, version integer, unit text, period text, state text, limit integer, carried integer, used integer
-- returns held integer, percent integer, unlimited boolean, startsAt timestamp, resetsAt timestamp, endsAt timestamp
-- page window down
SELECT
    window, plan, version, unit, period, iif(endsAt > :now, 'open', 'ended') AS state, capacity AS "limit", carried, used, held,
    used * 100 / nullif(capacity, 0) AS percent, capacity IS NULL AS unlimited, startsAt, resetsAt,
    nullif(endsAt, 9223372036854775807) AS endsAt
FROM windows
WHERE tenant = :tenant AND account = :account AND window < :after_window
    AND (:plans IS NULL OR plan IN (SELECT value FROM json_each(:plans)))
    AND (:units IS NULL OR unit IN (SELECT value FROM json_each(:units)))
    AND (:periods IS NULL OR period IN (SELECT value FROM json_each(:periods)))
    AND (:state IS NULL OR (endsAt > :now) = (:state = 'open'))
ORDER BY window DESC
LIMIT :limit;
