-- What every account has of every unit, now and at any time before: available, held, and the open lots that it is made of; and the open
-- holds.
CREATE TABLE balances (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    unit TEXT NOT NULL,
    held INTEGER NOT NULL,
    -- The last event that moved it.
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, unit)
) STRICT, WITHOUT ROWID;

-- Lots with something left, and those to which something may come back: of which units are held, and the newest of each allowance.
-- What is available at an instant is the sum of those in force then.
CREATE TABLE lots (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    unit TEXT NOT NULL,
    lot INTEGER NOT NULL,
    -- Null without limit.
    remaining INTEGER,
    priority INTEGER NOT NULL,
    effectiveAt INTEGER,
    -- When it lapses: of an allowance the end of its window, or of its subscription if that comes first.
    expiresAt INTEGER,
    -- The same as it was said when the lot was opened.
    statedExpiresAt INTEGER,
    source TEXT NOT NULL,
    -- The allowance that gave it; null for what was given by hand.
    plan TEXT,
    period TEXT,
    PRIMARY KEY (tenant, account, unit, lot)
) STRICT, WITHOUT ROWID;

CREATE TABLE holds (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    hold TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL,
    -- Unit and amount of each part, as JSON.
    amounts TEXT NOT NULL,
    feature TEXT,
    quantities TEXT,
    key TEXT,
    batch TEXT,
    labels TEXT,
    PRIMARY KEY (tenant, account, hold)
) STRICT, WITHOUT ROWID;

-- Which lots the open holds have drawn from, each hold by the number of its event.
CREATE TABLE heldLots (
    hold INTEGER NOT NULL,
    lot INTEGER NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (hold, lot, unit)
) STRICT, WITHOUT ROWID;

CREATE INDEX heldLotsByLot ON heldLots (lot, unit);

CREATE TABLE subscriptions (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    plan TEXT NOT NULL,
    seq INTEGER NOT NULL,
    isDefault INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, plan, seq)
) STRICT, WITHOUT ROWID;

-- Ends of subscriptions: what they gave before ends with them. They may be told before they come, and after.
CREATE TABLE ends (
    seq INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    plan TEXT NOT NULL,
    at INTEGER NOT NULL,
    endsAt INTEGER NOT NULL
) STRICT;

CREATE INDEX endsOfPlan ON ends (tenant, account, plan, endsAt);

-- The rest is the past. A balance of then is the one that the last event told, less the lots that had lapsed meanwhile, with those that had
-- come into force.

-- When each event happened.
CREATE TABLE instants (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;

-- Of 65,536 sequence numbers: rows that are written together lie close together, and the past is read from the newest chunk back.
CREATE TABLE chunks (chunk INTEGER PRIMARY KEY) STRICT;

-- The balance that each event told of each unit that it moved.
CREATE TABLE history (
    chunk INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    unit TEXT NOT NULL,
    seq INTEGER NOT NULL,
    available INTEGER NOT NULL,
    held INTEGER NOT NULL,
    PRIMARY KEY (chunk, tenant, account, unit, seq)
) STRICT, WITHOUT ROWID;

-- Lots that lapsed with something left, which their event told afterwards.
CREATE TABLE lapses (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    unit TEXT NOT NULL,
    expiresAt INTEGER NOT NULL,
    lot INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, unit, expiresAt, lot)
) STRICT, WITHOUT ROWID;

-- Lots that came into force after they were given.
CREATE TABLE deferrals (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    unit TEXT NOT NULL,
    effectiveAt INTEGER NOT NULL,
    lot INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, unit, effectiveAt, lot)
) STRICT, WITHOUT ROWID;

-- Lots without limit.
CREATE TABLE boundless (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    unit TEXT NOT NULL,
    lot INTEGER NOT NULL,
    plan TEXT NOT NULL,
    expiresAt INTEGER,
    -- The lot that took its place.
    replacedBy INTEGER,
    PRIMARY KEY (tenant, account, unit, lot)
) STRICT, WITHOUT ROWID;
