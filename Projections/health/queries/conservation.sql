-- Conservation per unit of a tenant: what was granted, allowed by plans, added by hand, refunded and given anew, less what was used, taken
-- by hand and has expired, is what remains in lots and what is held. Drift is what does not add up, and 0 when all is well. What was drawn
-- without limit is in used, refunded and decreased, but came from no lot: net of refunds it stands under withoutLimit. Sums stay at
-- 2^63-1; the drift is exact. It reads a row of every account.
-- param tenant text required
-- param units texts
-- returns unit text, accounts integer, granted integer, allowed integer, increased integer, decreased integer, used integer
-- returns refunded integer, expired integer, reissued integer, withoutLimit integer, remaining integer, held integer, drift integer
WITH
    sums AS (
        SELECT
            unit, kind, upper, lower,
            iif(upper + lower / 4294967296 >= 2147483648, 9223372036854775807, upper * 4294967296 + lower) AS amount,
            CASE kind
                WHEN 'decreased' THEN -1 WHEN 'used' THEN -1 WHEN 'expired' THEN -1 WHEN 'boundlessRefunded' THEN -1 ELSE 1
            END AS sign
        FROM flows
        WHERE tenant = :tenant AND (:units IS NULL OR unit IN (SELECT value FROM json_each(:units)))
    ),
    moved AS (
        SELECT
            unit, sum(upper * sign) AS upper, sum(lower * sign) AS lower,
            sum(iif(kind = 'granted', amount, 0)) AS granted, sum(iif(kind = 'allowed', amount, 0)) AS allowed,
            sum(iif(kind = 'increased', amount, 0)) AS increased, sum(iif(kind = 'decreased', amount, 0)) AS decreased,
            sum(iif(kind = 'used', amount, 0)) AS used, sum(iif(kind = 'refunded', amount, 0)) AS refunded,
            sum(iif(kind = 'expired', amount, 0)) AS expired, sum(iif(kind = 'reissued', amount, 0)) AS reissued,
            sum(CASE kind WHEN 'boundless' THEN amount WHEN 'boundlessRefunded' THEN -amount ELSE 0 END) AS withoutLimit
        FROM sums
        GROUP BY unit
    ),
    there AS (
        SELECT
            unit, count(*) AS accounts, sum(remaining) AS remaining, sum(held) AS held,
            sum(remaining / 4294967296) + sum(held / 4294967296) AS upper, sum(remaining % 4294967296) + sum(held % 4294967296) AS lower
        FROM accounts
        WHERE tenant = :tenant AND (:units IS NULL OR unit IN (SELECT value FROM json_each(:units)))
        GROUP BY unit
    )
SELECT
    t.unit AS unit, t.accounts AS accounts, coalesce(m.granted, 0) AS granted, coalesce(m.allowed, 0) AS allowed,
    coalesce(m.increased, 0) AS increased, coalesce(m.decreased, 0) AS decreased, coalesce(m.used, 0) AS used,
    coalesce(m.refunded, 0) AS refunded, coalesce(m.expired, 0) AS expired, coalesce(m.reissued, 0) AS reissued,
    coalesce(m.withoutLimit, 0) AS withoutLimit, t.remaining AS remaining, t.held AS held,
    (coalesce(m.upper, 0) - t.upper) * 4294967296 + coalesce(m.lower, 0) - t.lower AS drift
FROM there AS t LEFT JOIN moved AS m ON m.unit = t.unit
ORDER BY t.unit;
