-- Batches of one operation: what was announced, what came, what it cost net of refunds, and the items.
CREATE TABLE batches (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    batch TEXT NOT NULL,
    feature TEXT,
    -- How many items were announced.
    size INTEGER,
    items INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    firstSeq INTEGER NOT NULL,
    firstAt INTEGER NOT NULL,
    lastSeq INTEGER NOT NULL,
    lastAt INTEGER NOT NULL,
    -- Null while it is open.
    closedAt INTEGER,
    PRIMARY KEY (tenant, account, batch)
) STRICT, WITHOUT ROWID;

CREATE INDEX batchesOfTenant ON batches (tenant, firstSeq);
CREATE INDEX batchesOfAccount ON batches (tenant, account, firstSeq);

CREATE TABLE units (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    batch TEXT NOT NULL,
    unit TEXT NOT NULL,
    debited INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, batch, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE dimensions (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    batch TEXT NOT NULL,
    dimension TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, batch, dimension)
) STRICT, WITHOUT ROWID;

-- Items are kept in chunks of 65,536 sequence numbers, so that rows that are written together lie close together.
CREATE TABLE chunks (chunk INTEGER PRIMARY KEY) STRICT;

CREATE TABLE items (
    chunk INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    batch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    unit TEXT NOT NULL,
    -- The item's own id, the hold's, or the command's: what a refund names it by.
    id TEXT NOT NULL,
    hold TEXT,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    feature TEXT,
    amount INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    quantities TEXT,
    labels TEXT,
    PRIMARY KEY (chunk, tenant, account, batch, seq, unit)
) STRICT, WITHOUT ROWID;
