"""Job 3: a team's API keys: whose they are, when they expire, what they spend; turned off many at a time."""
import hashlib

from conversation import Ledger, note


def sha256(secret):
    """The ledger never sees a secret, only its hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


with Ledger("2026-06-01T08:00:00Z") as ledger:
    note("Rules are documents. The warnings 7, 3 and 1 days before a key expires need none: they are there.")
    ledger.say("configure", tenant="team", id="c-1", reason="start", changes=[
        {"key": "unit/usd", "value": {"scale": 6}},
        {"key": "alert/dear-platform", "value": {
            "kind": "spend", "subject": "platform", "unit": "usd", "period": "month", "above": 50_000_000}}])
    ledger.say("grant", tenant="team", id="g-1", account="research", unit="usd", amount=500_000_000)

    note("Three keys at once, two of them with tags and an end, one with a limit of its own.")
    ledger.say("issueKeys", tenant="team", id="k-1", keys=[
        {"key": "openai-1", "hash": sha256("sk-1"), "account": "research", "platform": "openai", "owner": "ada",
         "tags": ["prod"], "expiresAt": "2026-06-09T00:00:00Z"},
        {"key": "openai-2", "hash": sha256("sk-2"), "account": "research", "platform": "openai", "owner": "ben",
         "tags": ["lab"], "limit": {"unit": "usd", "amount": 1_000_000, "period": "day"}},
        {"key": "other-1", "hash": sha256("sk-3"), "account": "research", "platform": "other", "owner": "ben",
         "tags": ["lab"], "expiresAt": "2026-06-03T12:00:00Z"}])
    ledger.say("verifyKey", hash=sha256("sk-2"))

    note("A key's own limit refuses; a platform that costs more than it should in a month is told once.")
    ledger.say("debit", tenant="team", id="d-1", account="research", unit="usd", amount=900_000, key="openai-2")
    ledger.say("debit", tenant="team", id="d-2", account="research", unit="usd", amount=200_000, key="openai-2")
    ledger.say("debit", tenant="team", id="d-3", account="research", unit="usd", amount=60_000_000, key="openai-1")
    ledger.say("debit", tenant="team", id="d-4", account="research", unit="usd", amount=1_000_000, key="openai-1")

    note("A day later the ledger has warned of two keys, with nobody calling. One of them is reported faulty.")
    ledger.later("2026-06-02T12:30:00Z")
    ledger.say("reportSync", tenant="team", id="y-1", platform="openai", status="succeeded",
               **{"from": "2026-06-02T12:00:00Z", "to": "2026-06-02T12:01:00Z"}, counts={"keys": 2})
    last = ledger.ask("updateKeys", tenant="team", id="k-2", keys=[{"key": "other-1", "status": "faulty"}])
    for alert in ledger.ask("alerts.list", tenant="team", minSeq=last["seq"])["rows"]:
        print("<", alert["severity"], alert["kind"], alert["key"] or "", *([alert["event"]["days"]] if "days" in alert["event"] else []))

    note("All keys of the lab are turned off in one command; the very next use is refused.")
    ledger.say("updateKeys", tenant="team", id="k-3", keys=[
        {"key": "openai-2", "status": "disabled"}, {"key": "other-1", "status": "disabled"}])
    ledger.say("debit", tenant="team", id="d-5", account="research", unit="usd", amount=1, key="openai-2")
    ledger.say("revokeKeys", tenant="team", id="k-4", keys=["openai-2"], reason="leaked")
    ledger.say("verifyKey", hash=sha256("sk-2"))
