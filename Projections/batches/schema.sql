-- Batches of one operation: what was announced, what came, what it cost net of refunds, and the items; and how many there were per day.
CREATE TABLE batches (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    batch TEXT NOT NULL,
    -- For which it was opened, if that was said.
    feature TEXT,
    -- How many items were announced.
    size INTEGER,
    rejected INTEGER NOT NULL,
    firstSeq INTEGER NOT NULL,
    firstAt INTEGER NOT NULL,
    -- Of its opening, closing and rejections; those of items and refunds are among the units.
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
    -- '' on the row of a refund that moved nothing.
    unit TEXT NOT NULL,
    -- Of the items; '' without.
    feature TEXT NOT NULL,
    -- How many items paid in the unit first.
    items INTEGER NOT NULL,
    debited INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    lastSeq INTEGER NOT NULL,
    lastAt INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, batch, unit, feature)
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

-- What was opened, closed and rejected per day, by the feature for which the batch was opened; a closing and a rejection name none: ''.
CREATE TABLE days (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    feature TEXT NOT NULL,
    opened INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, feature)
) STRICT, WITHOUT ROWID;

-- What the items of all batches came to per day.
CREATE TABLE dayUnits (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    feature TEXT NOT NULL,
    unit TEXT NOT NULL,
    items INTEGER NOT NULL,
    debited INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, feature, unit)
) STRICT, WITHOUT ROWID;

-- Items are kept in chunks of 65,536 sequence numbers, so that rows that are written together lie close together.
CREATE TABLE chunks (
    chunk INTEGER PRIMARY KEY,
    -- The time of its first event: none of an earlier chunk is later.
    firstAt INTEGER NOT NULL
) STRICT;

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
