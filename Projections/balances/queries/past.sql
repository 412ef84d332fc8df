-- What an account had of each unit right after an event, by its number, or at an instant: what was available then without the lots that had
-- lapsed, whether or not that was written yet, and without those that were not yet in force. With neither seq nor at it answers for now;
-- with both, for the earlier of the two moments. A window counts from the event that opened it.
-- param tenant text required
-- param account text required
-- param unit text
-- param seq integer min 1
-- param at timestamp
-- returns unit text, available integer, held integer, unlimited boolean, seq integer, at timestamp
WITH RECURSIVE
    -- The last event at or before the instant, by halving.
    search(low, high) AS (
        SELECT 0, (SELECT max(seq) FROM instants) WHERE :at IS NOT NULL
        UNION ALL
        SELECT iif(i.at <= :at, i.seq, low), iif(i.at <= :at, high, i.seq - 1)
        FROM search CROSS JOIN instants AS i
        WHERE low < high AND i.seq = (low + high + 1) / 2
    ),
    -- Beyond the event's own instant a balance cannot be judged: of a lot that lapsed later only what it lost in the end is known.
    moment(seq, at) AS MATERIALIZED (
        SELECT
            min(coalesce(:seq, 9223372036854775807), coalesce((SELECT low FROM search WHERE low = high), 9223372036854775807)),
            CASE WHEN event.at < :at THEN event.at ELSE coalesce(:at, event.at, :now) END
        FROM (SELECT (SELECT at FROM instants WHERE seq <= :seq ORDER BY seq DESC LIMIT 1) AS at) AS event
    ),
    -- The number of the event that told each unit's balance last.
    told(unit, seq) AS MATERIALIZED (
        SELECT
            b.unit, (
                SELECT h.seq FROM chunks AS c CROSS JOIN history AS h
                WHERE c.chunk <= m.seq / 65536 AND h.chunk = c.chunk AND h.tenant = :tenant AND h.account = :account AND h.unit = b.unit
                    AND h.seq <= m.seq
                ORDER BY c.chunk DESC, h.seq DESC LIMIT 1
            )
        FROM moment AS m CROSS JOIN balances AS b
        WHERE b.tenant = :tenant AND b.account = :account AND (:unit IS NULL OR b.unit = :unit)
    )
SELECT
    t.unit AS unit,
    h.available + (
        SELECT coalesce(sum(d.amount), 0) FROM deferrals AS d
        WHERE d.tenant = :tenant AND d.account = :account AND d.unit = t.unit AND d.effectiveAt > i.at AND d.effectiveAt <= m.at
            AND d.lot <= m.seq
    ) - (
        SELECT coalesce(sum(l.amount), 0) FROM lapses AS l
        WHERE l.tenant = :tenant AND l.account = :account AND l.unit = t.unit AND l.expiresAt > i.at AND l.expiresAt <= m.at
            AND l.lot <= m.seq
    ) - (
        SELECT coalesce(sum(l.remaining), 0) FROM lots AS l
        WHERE l.tenant = :tenant AND l.account = :account AND l.unit = t.unit AND l.expiresAt > i.at AND l.expiresAt <= m.at
            AND l.lot <= m.seq
    ) AS available,
    h.held AS held,
    EXISTS (
        SELECT 1 FROM boundless AS b
        WHERE b.tenant = :tenant AND b.account = :account AND b.unit = t.unit AND b.lot <= m.seq
            AND (b.expiresAt IS NULL OR b.expiresAt > m.at) AND (b.replacedBy IS NULL OR b.replacedBy > m.seq)
            AND NOT EXISTS (
                -- An end that is told late has come all the same; one that comes with its event is not there before it.
                SELECT 1 FROM ends AS e
                WHERE e.tenant = :tenant AND e.account = :account AND e.plan = b.plan AND e.endsAt <= m.at AND e.seq > b.lot
                    AND (e.seq <= m.seq OR e.endsAt < e.at)
            )
    ) AS unlimited,
    t.seq AS seq, i.at AS at
FROM moment AS m CROSS JOIN told AS t CROSS JOIN instants AS i CROSS JOIN history AS h
WHERE i.seq = t.seq AND h.chunk = t.seq / 65536 AND h.tenant = :tenant AND h.account = :account AND h.unit = t.unit AND h.seq = t.seq
ORDER BY t.unit;
