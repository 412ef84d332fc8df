-- The accounts with their state, labels and plans, and what each has of every unit.
CREATE TABLE accounts (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    -- open, frozen or closed
    state TEXT NOT NULL,
    -- Why it was frozen, opened again or closed.
    reason TEXT,
    name TEXT,
    -- As a JSON object.
    labels TEXT,
    openedAt INTEGER NOT NULL,
    -- The last event that changed the state.
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX accountsByState ON accounts (tenant, state, account);

CREATE TABLE subscriptions (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    -- The event that made it.
    seq INTEGER NOT NULL,
    plan TEXT NOT NULL,
    startsAt INTEGER NOT NULL,
    -- The first instant without it, as far as that is known.
    endsAt INTEGER,
    -- The day of the month on which its windows begin.
    anchor INTEGER NOT NULL,
    isDefault INTEGER NOT NULL,
    -- The command that made it.
    id TEXT NOT NULL,
    PRIMARY KEY (tenant, account, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX subscriptionsByPlan ON subscriptions (tenant, plan, account, startsAt, endsAt);

-- The balance that the last event of each unit tells.
CREATE TABLE balances (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    unit TEXT NOT NULL,
    available INTEGER NOT NULL,
    held INTEGER NOT NULL,
    unlimited INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, unit)
) STRICT, WITHOUT ROWID;
