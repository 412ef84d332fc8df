-- The plans that an account has, had, or will have, the one made last first; of one plan or all.
-- param tenant text required
-- param account text required
-- param plan text
-- param limit integer default 50 min 1 max 1000
-- returns seq integer, plan text, startsAt timestamp, endsAt timestamp, inForce boolean, anchor integer, isDefault boolean, id text
-- page seq down
SELECT
    seq, plan, startsAt, endsAt, startsAt <= :now AND (endsAt IS NULL OR endsAt > :now) AS inForce, anchor, isDefault, id
FROM subscriptions
WHERE tenant = :tenant AND account = :account AND seq < :after_seq AND (:plan IS NULL OR plan = :plan)
ORDER BY seq DESC
LIMIT :limit;
