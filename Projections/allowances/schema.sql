-- Every window of every allowance, past and present: limit, used, held, and when it ends; and what all windows of a plan come to.
CREATE TABLE windows (
    -- The number of the event that opened it.
    window INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    unit TEXT NOT NULL,
    plan TEXT NOT NULL,
    version INTEGER NOT NULL,
    period TEXT NOT NULL,
    startsAt INTEGER NOT NULL,
    -- When the next one begins; null for one that never ends.
    resetsAt INTEGER,
    -- When nothing more can be drawn from it: at its end, or when the subscription ends or the account is closed, if that comes first;
    -- 2^63-1 if never.
    endsAt INTEGER NOT NULL,
    -- Its lot; the one before was replaced by it.
    lot INTEGER NOT NULL,
    -- What it gives, and what was carried over into it; both make its limit, which is null without one.
    allotted INTEGER,
    carried INTEGER NOT NULL,
    used INTEGER NOT NULL,
    held INTEGER NOT NULL,
    -- The last event that told how much is used: what is drawn behind it is added.
    toldSeq INTEGER NOT NULL,
    capacity INTEGER GENERATED ALWAYS AS (min(allotted + carried, 9007199254740991)) VIRTUAL,
    -- The end under which it is counted among the levels.
    countedAt INTEGER GENERATED ALWAYS AS (
        iif(
            endsAt = 9223372036854775807, endsAt,
            min((endsAt + 3599999999) / 3600000000 * 3600000000, coalesce(resetsAt, 9223372036854775807))
        )
    ) VIRTUAL
) STRICT;

CREATE INDEX windowsOfAccount ON windows (tenant, account);
CREATE INDEX windowsByEnd ON windows (tenant, account, endsAt);
-- The few that end between two hours, and are counted until the next.
CREATE INDEX windowsCut ON windows (tenant, endsAt) WHERE countedAt > endsAt;

-- The lots of windows, the replaced ones included: what comes back to one comes to its window.
CREATE TABLE lots (
    lot INTEGER PRIMARY KEY,
    window INTEGER NOT NULL
) STRICT;

-- What open holds have drawn from windows, each hold by the number of its event.
CREATE TABLE holds (
    hold INTEGER NOT NULL,
    window INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (hold, window)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (
    tenant TEXT NOT NULL,
    account TEXT NOT NULL,
    plan TEXT NOT NULL,
    seq INTEGER NOT NULL,
    startsAt INTEGER NOT NULL,
    isDefault INTEGER NOT NULL,
    PRIMARY KEY (tenant, account, plan, seq)
) STRICT, WITHOUT ROWID;

-- What the windows of a plan that end together come to. One that ends by the calendar is counted under its end. One that ends before, with
-- its subscription or its account, is counted under the next full hour, if its end by the calendar is not sooner: so there are few ends.
CREATE TABLE levels (
    tenant TEXT NOT NULL,
    endsAt INTEGER NOT NULL,
    plan TEXT NOT NULL,
    unit TEXT NOT NULL,
    period TEXT NOT NULL,
    unlimited INTEGER NOT NULL,
    windows INTEGER NOT NULL,
    -- Sums in two halves, the upper one in units of 2^32: they have no bound, and must be able to fall again.
    limitUpper INTEGER NOT NULL,
    limitLower INTEGER NOT NULL,
    usedUpper INTEGER NOT NULL,
    usedLower INTEGER NOT NULL,
    -- How many windows are used to so many per cent or more.
    at80 INTEGER NOT NULL,
    at95 INTEGER NOT NULL,
    at100 INTEGER NOT NULL,
    PRIMARY KEY (tenant, endsAt, plan, unit, period, unlimited)
) STRICT, WITHOUT ROWID;

CREATE INDEX levelsWithoutWindows ON levels (windows) WHERE windows = 0;

-- What a window adds to its level.
CREATE VIEW counted AS
SELECT
    window, tenant, countedAt AS endsAt, plan, unit, period, capacity IS NULL AS unlimited,
    coalesce(capacity, 0) / 4294967296 AS limitUpper, coalesce(capacity, 0) % 4294967296 AS limitLower,
    used / 4294967296 AS usedUpper, used % 4294967296 AS usedLower,
    coalesce(capacity > 0 AND used * 100 >= capacity * 80, 0) AS at80,
    coalesce(capacity > 0 AND used * 100 >= capacity * 95, 0) AS at95,
    coalesce(capacity > 0 AND used >= capacity, 0) AS at100
FROM windows;

-- The windows that a stretch changes; empty between two.
CREATE TABLE touched (window INTEGER PRIMARY KEY) STRICT;
