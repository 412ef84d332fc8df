-- How many alerts were raised per rule, kind and severity, and how many of them were delivered (or read without that), were read, and are
-- unread; by days, months or altogether. Both days count. Reads every alert of these days.
-- param tenant text required
-- param from day
-- param to day
-- param per text oneof day|month|all default day
-- param rules texts
-- param kinds texts oneof lowBalance|allowanceUsed|spend|keyExpiring|keyFaulty|holdAgeing|segmentRotten|drift
-- param severities texts oneof info|warning|error
-- param limit integer default 100 min 1 max 1000
-- returns period text, rule text, kind text, severity text, raised integer, delivered integer, read integer, unread integer
-- page period up, rule up, kind up, severity up
SELECT
    period, rule, kind, severity, count(*) AS raised,
    -- Who has read an alert was told of it.
    sum(deliveredAt IS NOT NULL OR readAt IS NOT NULL) AS delivered, sum(readAt IS NOT NULL) AS read, sum(readAt IS NULL) AS unread
FROM (
    SELECT
        CASE :per WHEN 'day' THEN day WHEN 'month' THEN substr(day, 1, 7) ELSE 'all' END AS period, rule, kind, severity, deliveredAt, readAt
    FROM alerts INDEXED BY alertsByDay
    WHERE tenant = :tenant AND day >= coalesce(:from, '') AND day <= coalesce(:to, '9999-12-31')
)
WHERE (period, rule, kind, severity) > (:after_period, :after_rule, :after_kind, :after_severity)
    AND (:rules IS NULL OR rule IN (SELECT value FROM json_each(:rules)))
    AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
    AND (:severities IS NULL OR severity IN (SELECT value FROM json_each(:severities)))
GROUP BY period, rule, kind, severity
ORDER BY period, rule, kind, severity
LIMIT :limit;
