-- The history of use of each account: debits, settled holds and refunds, with a batch as one line that opens into its items.
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
    -- '' on a record that says quantities alone; then there is no amount.
    unit TEXT NOT NULL,
    -- debit, settlement, capture (a hold that expired and was taken), refund, batch, or record (moved nothing)
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    lastAt INTEGER NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER,
    refunded INTEGER NOT NULL,
    items INTEGER NOT NULL,
    id TEXT,
    batch TEXT,
    of TEXT,
    hold TEXT,
    method TEXT,
    shortfall INTEGER,
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
    -- The item's own id, the hold's, or the command's: what a refund names it by.
    id TEXT NOT NULL,
    hold TEXT,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    key TEXT,
    quantities TEXT,
    labels TEXT,
    PRIMARY KEY (chunk, tenant, account, batch, seq, unit)
) STRICT, WITHOUT ROWID;
