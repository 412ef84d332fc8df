"""Job 2: a plan gives five articles a day and searches without limit; the user is warned at 80, 95 and 100 per cent."""
from conversation import Ledger, note

with Ledger("2026-03-28T09:00:00Z") as ledger:
    note("The tenant lives in Berlin, where the next night is an hour short. The plan is a document.")
    ledger.say("configure", tenant="press", id="c-1", reason="start", changes=[
        {"key": "tenant/settings", "value": {"timeZone": "Europe/Berlin"}},
        {"key": "plan/reader", "value": {"name": "Reader", "cycle": "month", "allowances": [
            {"unit": "articles", "amount": 5, "period": "day"},
            {"unit": "searches", "amount": -1, "period": "day"}]}}])
    ledger.say("subscribe", tenant="press", id="s-1", account="ben", plan="reader")

    note("Searches are counted and never refused. Of five articles, the fourth raises the warning for 80 per cent.")
    ledger.say("debit", tenant="press", id="d-search", account="ben", unit="searches", amount=40)
    for n in range(1, 6):
        ledger.say("debit", tenant="press", id=f"d-{n}", account="ben", unit="articles", amount=1)

    note("A sixth is refused, and the answer says by what and until when.")
    ledger.say("debit", tenant="press", id="d-6", account="ben", unit="articles", amount=1)
    ledger.say("quota", tenant="press", account="ben")

    note("The next day has 23 hours and five articles. No job has run at midnight: the window opens at the first touch.")
    ledger.later("2026-03-28T23:30:00Z")
    ledger.say("quota", tenant="press", account="ben")
    ledger.say("debit", tenant="press", id="d-6", account="ben", unit="articles", amount=1)

    note("For one reader more is given today; the count goes on.")
    ledger.say("overrideAllowance", tenant="press", id="o-1", account="ben", plan="reader", unit="articles", period="day",
               amount=10, reason="a kind word")
    ledger.say("quota", tenant="press", account="ben")
