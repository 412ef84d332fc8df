-- What providers say: the usage that they report, and how the synchronisations with them went.
CREATE TABLE reports (
    tenant TEXT NOT NULL,
    -- In UTC, of the time that the report begins with.
    day TEXT NOT NULL,
    platform TEXT NOT NULL,
    -- '' when the report is about no key.
    key TEXT NOT NULL,
    unit TEXT NOT NULL,
    windowStart INTEGER NOT NULL,
    windowEnd INTEGER NOT NULL,
    -- Of the last report about all of the above: it takes the place of those before.
    cost INTEGER NOT NULL,
    -- As a JSON object.
    quantities TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, platform, key, unit, windowStart, windowEnd)
) STRICT, WITHOUT ROWID;

CREATE TABLE syncs (
    tenant TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    platform TEXT NOT NULL,
    -- succeeded, partial or failed
    status TEXT NOT NULL,
    beganAt INTEGER NOT NULL,
    endedAt INTEGER NOT NULL,
    -- As a JSON object.
    counts TEXT NOT NULL,
    error TEXT,
    id TEXT NOT NULL,
    peer INTEGER,
    actor TEXT,
    PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;

-- How each platform stands.
CREATE TABLE platforms (
    tenant TEXT NOT NULL,
    platform TEXT NOT NULL,
    syncs INTEGER NOT NULL,
    succeeded INTEGER NOT NULL,
    partial INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    -- The number of the last sync.
    lastSync INTEGER,
    lastSucceededAt INTEGER,
    lastReportAt INTEGER,
    PRIMARY KEY (tenant, platform)
) STRICT, WITHOUT ROWID;
