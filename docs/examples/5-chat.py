"""Job 5: a chat has a currency of its own, AP, and four levels; allowances appear by themselves, upgrades act at once."""
from conversation import Ledger, note

levels = {"free": 100, "basic": 300, "plus": 1000, "pro": 3000}

with Ledger("2026-01-30T18:00:00Z") as ledger:
    note("Four plans; who has none has the free one. A picture costs 20 AP, a word is free to ask for.")
    plans = [{"key": f"plan/{name}", "value": {"allowances": [{"unit": "ap", "amount": amount, "period": "month"}]}}
             for name, amount in levels.items()]
    ledger.say("configure", tenant="chat", id="c-1", reason="start", changes=plans + [
        {"key": "tenant/settings", "value": {"defaultPlan": "free"}},
        {"key": "price/picture", "value": {"charges": [{"unit": "ap", "rates": {"pictures": "20"}}]}}])

    note("A user nobody has heard of: the allowance is there before the first touch, and the account with it.")
    ledger.say("quota", tenant="chat", account="zoe")
    ledger.say("debit", tenant="chat", id="p-1", account="zoe", feature="picture", quantities={"pictures": 4})

    note("A picture that fails costs nothing: it is held, and released.")
    ledger.say("hold", tenant="chat", id="p-2", account="zoe", feature="picture", quantities={"pictures": 1})
    ledger.say("release", tenant="chat", id="p-2/failed", hold="p-2", reason="the generation failed")

    note("80 of 100 are used: not enough for two more. An upgrade acts at once, and what is used stays used.")
    ledger.say("check", tenant="chat", account="zoe", feature="picture", quantities={"pictures": 2})
    ledger.say("changePlan", tenant="chat", id="up-1", account="zoe", **{"from": "free"}, to="plus", when="now")
    ledger.say("quota", tenant="chat", account="zoe")
    ledger.say("debit", tenant="chat", id="p-3", account="zoe", feature="picture", quantities={"pictures": 2})

    note("A new month, and a new allowance, with no job that could have failed to run.")
    ledger.later("2026-02-01T00:00:30Z")
    ledger.say("quota", tenant="chat", account="zoe")
    ledger.say("debit", tenant="chat", id="p-4", account="zoe", feature="picture", quantities={"pictures": 1})

    note("To the highest level and, at the end of this month, to the smallest that is paid for.")
    ledger.say("changePlan", tenant="chat", id="up-2", account="zoe", **{"from": "plus"}, to="pro")
    ledger.say("changePlan", tenant="chat", id="down-1", account="zoe", **{"from": "pro"}, to="basic", when="nextWindow")
    ledger.later("2026-03-01T00:00:30Z")
    ledger.say("quota", tenant="chat", account="zoe")
