-- Every version of every configuration document: what holds now, who changed it, when and why.
CREATE TABLE versions (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- The document as JSON; null when this version deleted it.
    value TEXT,
    reason TEXT NOT NULL,
    rollbackOf INTEGER,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    peer INTEGER,
    actor TEXT,
    PRIMARY KEY (tenant, key, version)
) STRICT, WITHOUT ROWID;
