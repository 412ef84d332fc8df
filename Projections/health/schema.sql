-- Conservation: what was given is there or has gone, counted from the amounts alone and held against every balance that the events tell.
CREATE TABLE accounts (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    unit TEXT NOT NULL,
    -- What is in all lots, and what is held, by the amounts of all events so far.
    remaining INTEGER NOT NULL,
    held INTEGER NOT NULL,
    -- What the last event says of both. Null where it cannot be compared: while a lot is not yet in force, and while lapsed lots are
    -- written off one by one.
    toldAvailable INTEGER,
    toldHeld INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- Until when a lot is not yet in force.
    deferredUntil INTEGER NOT NULL,
    -- The first event that told another balance, as JSON: its seq, what was expected and what was found. It stays.
    drift TEXT,
    PRIMARY KEY (tenant, account, unit)
) STRICT, WITHOUT ROWID;

-- Empty as long as all is well, so that it costs nothing to ask.
CREATE INDEX drifts ON accounts (tenant, account, unit) WHERE drift IS NOT NULL OR toldAvailable <> remaining OR toldHeld <> held;

-- What the open holds have taken out of lots with a limit, each hold by the number of its event.
CREATE TABLE holds (
    hold INTEGER NOT NULL,
    unit TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (hold, unit)
) STRICT, WITHOUT ROWID;

-- All that was ever moved. Sums in two halves, the upper one in units of 2^32, so that they stay exact.
CREATE TABLE flows (
    tenant TEXT NOT NULL,
    unit TEXT NOT NULL,
    -- granted, allowed (by a plan), increased and decreased (by hand), used, refunded, expired, reissued (a refund of what had expired);
    -- and what of this moved no lot, for it had no limit: boundless and boundlessRefunded.
    kind TEXT NOT NULL,
    upper INTEGER NOT NULL,
    lower INTEGER NOT NULL,
    PRIMARY KEY (tenant, unit, kind)
) STRICT, WITHOUT ROWID;
