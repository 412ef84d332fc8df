-- The API keys: whose each is, what is said of it, whether it may be used, and until when.
CREATE TABLE keys (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    account TEXT NOT NULL,
    -- active, disabled, faulty or revoked
    status TEXT NOT NULL,
    platform TEXT,
    owner TEXT,
    name TEXT,
    -- As JSON: an array of texts; an object; an array of texts.
    tags TEXT,
    spendLimit TEXT,
    features TEXT,
    maxOpenHolds INTEGER,
    expiresAt INTEGER,
    -- SHA-256 of the secret.
    hash TEXT NOT NULL,
    issuedAt INTEGER NOT NULL,
    -- The last event about it.
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- Why it was revoked.
    reason TEXT,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX keysByExpiry ON keys (tenant, expiresAt, key) WHERE expiresAt IS NOT NULL;

-- Apart from the keys, for this changes with the uses.
CREATE TABLE keyUses (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    -- The last debit or hold with it.
    lastUsedAt INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
