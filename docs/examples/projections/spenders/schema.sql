-- Who spends most, hour by hour: what each account used of each unit, net of refunds, each in the hour in which it happened.

-- hour counts the hours since 1970 in UTC. The order of the key is that of the questions: one unit of a tenant, one or a few hours.
CREATE TABLE spent (
    tenant TEXT NOT NULL,
    unit TEXT NOT NULL,
    hour INTEGER NOT NULL,
    account TEXT NOT NULL,
    used INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    PRIMARY KEY (tenant, unit, hour, account)
) STRICT, WITHOUT ROWID;
