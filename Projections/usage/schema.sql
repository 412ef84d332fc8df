-- The history of use of each account: debits, settled holds and refunds, with a batch as one line that opens into its items.

-- Of 65,536 sequence numbers: rows that are written together lie close together, and a history is read from the newest chunk back.
CREATE TABLE chunks (
    chunk INTEGER PRIMARY KEY,
    -- The time of its first event: none of an earlier chunk is later.
    firstAt INTEGER NOT NULL
) STRICT;

-- What an account's history shows, and what its batches open into.
CREATE TABLE lines (
    chunk INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    -- The batch that the use is an item of; '' for a line of the history itself.
    inside TEXT NOT NULL,
    -- The event's number; of a batch its first event's, so that it keeps its place while items come.
    seq INTEGER NOT NULL,
    -- '' on a record that says quantities alone; then there is no amount.
    unit TEXT NOT NULL,
    -- '' without a feature.
    feature TEXT NOT NULL,
    -- A batch has a row for each of its items' keys, models, platforms and statuses, by which it is found; '' on all others.
    part TEXT NOT NULL,
    -- debit, settlement, capture (a hold that expired and was taken), refund, batch, or record (moved nothing)
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- Of a batch, when its last item or refund came.
    lastAt INTEGER,
    day TEXT NOT NULL,
    amount INTEGER,
    refunded INTEGER NOT NULL,
    -- How many of a batch's items have an amount in the unit; 1 on all others.
    items INTEGER NOT NULL,
    -- The command's; of an item what a refund names it by: its own, the hold's, or the command's.
    id TEXT,
    batch TEXT,
    of TEXT,
    hold TEXT,
    method TEXT,
    shortfall INTEGER,
    key TEXT,
    price INTEGER,
    -- What the account had of the unit afterwards.
    available INTEGER,
    unlimited INTEGER,
    quantities TEXT,
    -- Of a batch those by which it is found.
    labels TEXT,
    details TEXT,
    reason TEXT,
    PRIMARY KEY (chunk, tenant, account, inside, seq, unit, feature, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    batch TEXT NOT NULL,
    -- Of its opening, before which nothing is in it.
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (tenant, account, batch)
) STRICT, WITHOUT ROWID;
