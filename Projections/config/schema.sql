-- Every version of every configuration document: what holds now, who changed it, when and why; and what is scheduled.
CREATE TABLE versions (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- The document as JSON; null when this version deleted it.
    value TEXT,
    reason TEXT NOT NULL,
    rollbackOf INTEGER,
    -- When it came into force, if it was scheduled.
    effectiveAt INTEGER,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    peer INTEGER,
    actor TEXT,
    PRIMARY KEY (tenant, key, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX versionsBySeq ON versions (tenant, seq);

-- The newest version of each.
CREATE TABLE documents (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

-- What is still to come into force: one per document.
CREATE TABLE scheduled (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    -- Null when the document will be deleted.
    value TEXT,
    reason TEXT NOT NULL,
    effectiveAt INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    peer INTEGER,
    actor TEXT,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
