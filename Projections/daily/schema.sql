-- What was used per day: amounts, counts and refunds by feature, unit, model and platform, and quantities by dimension; of the whole
-- tenant and of each account. What was recorded from before the ledger stands beside it, and is in no amount.
CREATE TABLE totals (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    -- '' for a debit without a feature; so also below.
    feature TEXT NOT NULL,
    unit TEXT NOT NULL,
    model TEXT NOT NULL,
    platform TEXT NOT NULL,
    -- Debited (or settled, or captured) and refunded are dated each on its own day, so that a day's sums stay as they are.
    amount INTEGER NOT NULL,
    count INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    refunds INTEGER NOT NULL,
    -- Of records that name a unit; one that says quantities alone is among the quantities.
    recorded INTEGER NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, feature, unit, model, platform)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    account TEXT NOT NULL,
    feature TEXT NOT NULL,
    unit TEXT NOT NULL,
    model TEXT NOT NULL,
    platform TEXT NOT NULL,
    amount INTEGER NOT NULL,
    count INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    refunds INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, account, feature, unit, model, platform)
) STRICT, WITHOUT ROWID;

CREATE TABLE totalQuantities (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    feature TEXT NOT NULL,
    dimension TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, feature, dimension)
) STRICT, WITHOUT ROWID;

CREATE TABLE accountQuantities (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    account TEXT NOT NULL,
    feature TEXT NOT NULL,
    dimension TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, account, feature, dimension)
) STRICT, WITHOUT ROWID;

-- The days of a tenant: an account's rows are found day by day.
CREATE TABLE days (
    tenant TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (tenant, day)
) STRICT, WITHOUT ROWID;
