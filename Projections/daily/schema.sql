-- What was used per day: amounts, counts and refunds by feature, unit, model and platform, and quantities by dimension; of the whole
-- tenant and of each account and key. What was recorded from before the ledger stands beside it, and is in no amount.

-- The days of a tenant on which something was used, and the periods that they lie in: an account's rows are found day by day.
CREATE TABLE days (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    -- The Monday of its ISO week, and the first of its month.
    week TEXT NOT NULL,
    month TEXT NOT NULL,
    PRIMARY KEY (tenant, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE totals (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    -- '' for a debit without a feature; so also below.
    feature TEXT NOT NULL,
    unit TEXT NOT NULL,
    model TEXT NOT NULL,
    platform TEXT NOT NULL,
    -- 0 for what was debited, settled or captured, 1 for what was refunded, 2 for records; so also below. Each is dated on its own day, so
    -- that a day's sums stay as they are. A record that says quantities alone is among the quantities only.
    kind INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    -- Of uses, refunds or records in the unit; so also below.
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, feature, unit, model, platform, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    account TEXT NOT NULL,
    feature TEXT NOT NULL,
    unit TEXT NOT NULL,
    model TEXT NOT NULL,
    platform TEXT NOT NULL,
    -- '' without an API key.
    key TEXT NOT NULL,
    kind INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, account, feature, unit, model, platform, key, kind)
) STRICT, WITHOUT ROWID;

-- With which accounts each key was named: its rows are found by them. (A record may name a key that is another's.)
CREATE TABLE keys (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (tenant, key, account)
) STRICT, WITHOUT ROWID;

-- By the hour in which the ledger wrote it, counted from 1970, and the day on which reports count it.
CREATE TABLE hours (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    unit TEXT NOT NULL,
    kind INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, hour, unit, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE totalQuantities (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    feature TEXT NOT NULL,
    dimension TEXT NOT NULL,
    kind INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, feature, dimension, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE accountQuantities (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    account TEXT NOT NULL,
    feature TEXT NOT NULL,
    dimension TEXT NOT NULL,
    kind INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, account, feature, dimension, kind)
) STRICT, WITHOUT ROWID;
