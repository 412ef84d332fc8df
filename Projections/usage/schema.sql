-- The history of use of each account: debits and refunds, with a batch as one line that opens into its items.
CREATE TABLE chunks (
    -- Of 65,536 sequence numbers: rows that are written together lie close together, and a history is read from the newest chunk back.
    chunk INTEGER PRIMARY KEY,
    firstAt INTEGER NOT NULL,
    lastAt INTEGER NOT NULL
) STRICT;

CREATE TABLE lines (
    chunk INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    -- The event's number; of a batch its first event's, so that it keeps its place while items come.
    seq INTEGER NOT NULL,
    -- '' without a feature.
    feature TEXT NOT NULL,
    unit TEXT NOT NULL,
    -- debit, refund or batch
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    lastAt INTEGER NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    items INTEGER NOT NULL,
    id TEXT,
    batch TEXT,
    of TEXT,
    key TEXT,
    quantities TEXT,
    labels TEXT,
    reason TEXT,
    PRIMARY KEY (chunk, tenant, account, seq, feature, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    batch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    lastSeq INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, batch)
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
    chunk INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    batch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    unit TEXT NOT NULL,
    feature TEXT,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    key TEXT,
    quantities TEXT,
    labels TEXT,
    PRIMARY KEY (chunk, tenant, account, batch, seq, unit)
) STRICT, WITHOUT ROWID;
