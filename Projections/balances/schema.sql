-- What every account has of every unit: available, held, and the open lots that it is made of; and the open holds.
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
