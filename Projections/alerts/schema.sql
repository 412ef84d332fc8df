-- Every alert that was raised, and who has been told of it: since when it is delivered, and since when it is read.
CREATE TABLE alerts (
    tenant TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Null when it is not about an account; so also what follows.
    account TEXT,
    unit TEXT,
    key TEXT,
    hold TEXT,
    -- The first time.
    deliveredAt INTEGER,
    readAt INTEGER,
    -- The event as it stands in the log.
    event TEXT NOT NULL,
    PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX unread ON alerts (tenant, seq) WHERE readAt IS NULL;
-- Holds all that is counted.
CREATE INDEX alertsByDay ON alerts (tenant, day, rule, kind, severity, deliveredAt, readAt);
