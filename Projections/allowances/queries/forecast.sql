-- When the open allowances of an account will be used up, at the rate since each window began, or since the subscription began if that was
-- later; in the first 24th of this time (the first day, where it has no end) as if so much had passed, for a few uses make no rate. What is
-- held is not there to be used. Lasts says that the window ends before, or that there is no limit; then usedUpAt is null.
-- param tenant text required
-- param account text required
-- param units texts
-- returns window integer, plan text, unit text, period text, limit integer, used integer, held integer, unlimited boolean, perDay integer
-- returns since timestamp, resetsAt timestamp, lasts boolean, usedUpAt timestamp
WITH
    open AS MATERIALIZED (
        SELECT
            window, plan, unit, period, capacity, used, held, resetsAt, endsAt,
            max(startsAt, coalesce((
                SELECT s.startsAt FROM subscriptions AS s
                WHERE s.tenant = :tenant AND s.account = :account AND s.plan = w.plan AND s.seq < w.lot
                ORDER BY s.seq DESC LIMIT 1
            ), startsAt)) AS since
        FROM windows AS w
        WHERE tenant = :tenant AND account = :account AND endsAt > :now
            AND (:units IS NULL OR unit IN (SELECT value FROM json_each(:units)))
    ),
    measured AS (SELECT *, max(:now - since, coalesce((resetsAt - since) / 24, 86400000000), 1) AS span FROM open),
    -- At this rate: null when nothing was used yet, or when there is no limit.
    reached AS (
        SELECT *, iif(used + held >= capacity, :now, :now + (capacity - used - held) * 1.0 * span / nullif(used, 0)) AS instant
        FROM measured
    )
SELECT
    window, plan, unit, period, capacity AS "limit", used, held, capacity IS NULL AS unlimited,
    CAST(used * 86400000000.0 / span AS INTEGER) AS perDay, since, resetsAt,
    instant IS NULL OR instant >= endsAt AS lasts, iif(instant < endsAt, CAST(instant AS INTEGER), NULL) AS usedUpAt
FROM reached
ORDER BY window;
