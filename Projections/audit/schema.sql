-- What people and services did beyond plain use: who changed what, when and why, and how it was before and after.
CREATE TABLE acts (
    tenant TEXT NOT NULL,
    at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    -- An act has one row; a refund one for each unit.
    part INTEGER NOT NULL,
    -- The event's type.
    kind TEXT NOT NULL,
    actor TEXT,
    peer INTEGER,
    id TEXT NOT NULL,
    account TEXT,
    document TEXT,
    -- The key, the plan, or what was refunded, by its name.
    subject TEXT,
    reason TEXT,
    -- What was moved: downwards below 0.
    unit TEXT,
    amount INTEGER,
    -- The balance before, if it is known, and after.
    availableBefore INTEGER,
    available INTEGER,
    held INTEGER,
    unlimited INTEGER,
    -- What is in another state since: the next act on the same thing finds its own before here, in `after`.
    thing TEXT,
    -- As JSON, where neither the balance nor an earlier act says it.
    before TEXT,
    after TEXT,
    PRIMARY KEY (tenant, at, seq, part)
) STRICT, WITHOUT ROWID;

-- The beginnings of default plans, and all ends of plans. An end right behind a beginning of the same plan is that of a default plan.
CREATE TABLE turns (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    plan TEXT NOT NULL,
    seq INTEGER NOT NULL,
    isDefault INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, plan, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX actsByAccount ON acts (tenant, account, at, seq, part) WHERE account IS NOT NULL;
CREATE INDEX actsByThing ON acts (tenant, thing, at, seq) WHERE thing IS NOT NULL;
