-- What people and services did beyond plain use, newest first: changes of configuration, keys, plans and accounts, grants, adjustments,
-- refunds that give a reason, alerts acknowledged. Before and after are the document, the key's terms, the state, the plan, or the balance
-- in the unit; an amount below 0 was taken. One row per act, of a refund one per unit. Text is looked for in the id, the reason and the
-- names, whatever the case of its letters A to Z. Filters other than the account and the time read acts until a page is full.
-- param tenant text required
-- param kinds texts oneof accountOpened|accountFrozen|accountUnfrozen|accountClosed|granted|adjusted|refunded|subscribed|planChanged|unsubscribed|allowanceOverridden|allowanceReset|configured|configurationScheduled|configurationCancelled|keyIssued|keyUpdated|keyRevoked|alertDelivered|alertRead|restored|signingKeyReplaced
-- param actors texts
-- param peer integer min 0 max 4294967295
-- param account text
-- param document text
-- param subject text
-- param since timestamp
-- param until timestamp
-- param text text
-- param limit integer default 50 min 1 max 1000
-- returns at timestamp, seq integer, part integer, kind text, actor text, peer integer, id text, account text, document text, subject text
-- returns reason text, unit text, amount integer, before json, after json
-- page at down, seq down, part down
SELECT
    a.at AS at, a.seq AS seq, a.part AS part, a.kind AS kind, a.actor AS actor, a.peer AS peer, a.id AS id, a.account AS account,
    a.document AS document, a.subject AS subject, a.reason AS reason, a.unit AS unit, a.amount AS amount,
    CASE
        WHEN a.availableBefore IS NOT NULL THEN json_patch(
            json_object('available', a.availableBefore, 'held', a.held), iif(a.unlimited, '{"unlimited":true}', '{}')
        )
        WHEN a.thing IS NULL THEN a.before
        -- What is scheduled stands beside what is in force. An account begins open.
        ELSE coalesce((
            SELECT p.after FROM acts AS p INDEXED BY actsByThing
            WHERE p.tenant = a.tenant AND p.thing = iif(a.kind = 'configurationScheduled', 'document ' || a.document, a.thing)
                AND (p.at, p.seq) < (a.at, a.seq)
            ORDER BY p.at DESC, p.seq DESC
            LIMIT 1
        ), CASE a.kind WHEN 'accountFrozen' THEN '{"state":"open"}' WHEN 'accountClosed' THEN '{"state":"open"}' END)
    END AS before,
    CASE
        WHEN a.available IS NOT NULL THEN json_patch(
            json_object('available', a.available, 'held', a.held), iif(a.unlimited, '{"unlimited":true}', '{}')
        )
        -- A key that is revoked keeps its terms.
        WHEN a.kind = 'keyRevoked' THEN json_patch((
            SELECT p.after FROM acts AS p INDEXED BY actsByThing
            WHERE p.tenant = a.tenant AND p.thing = a.thing AND (p.at, p.seq) < (a.at, a.seq)
            ORDER BY p.at DESC, p.seq DESC
            LIMIT 1
        ), a.after)
        ELSE a.after
    END AS after
FROM (
    SELECT * FROM acts
    WHERE :account IS NULL AND tenant = :tenant
    UNION ALL
    SELECT * FROM acts INDEXED BY actsByAccount
    WHERE tenant = :tenant AND account = :account
) AS a
WHERE a.at >= coalesce(:since, -9223372036854775808) AND a.at < coalesce(:until, 9223372036854775807)
    AND (a.at, a.seq, a.part) < (:after_at, :after_seq, :after_part)
    AND (:kinds IS NULL OR a.kind IN (SELECT value FROM json_each(:kinds)))
    AND (:actors IS NULL OR a.actor IN (SELECT value FROM json_each(:actors)))
    AND (:peer IS NULL OR a.peer = :peer) AND (:document IS NULL OR a.document = :document)
    AND (:subject IS NULL OR a.subject = :subject)
    AND (
        :text IS NULL
        OR instr(lower(a.id), lower(:text)) OR instr(lower(a.reason), lower(:text)) OR instr(lower(a.account), lower(:text))
        OR instr(lower(a.document), lower(:text)) OR instr(lower(a.subject), lower(:text)) OR instr(lower(a.actor), lower(:text))
    )
ORDER BY a.at DESC, a.seq DESC, a.part DESC
LIMIT :limit;
