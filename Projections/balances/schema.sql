-- What every account has of every unit: available, held, and the open lots that it is made of.
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

-- Lots with something left. What is available at an instant is the sum of those in force then.
CREATE TABLE lots (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    unit TEXT NOT NULL,
    lot INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    effectiveAt INTEGER,
    expiresAt INTEGER,
    source TEXT NOT NULL,
    PRIMARY KEY (tenant, account, unit, lot)
) STRICT, WITHOUT ROWID;
