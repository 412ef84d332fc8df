"""Job 1: fifty domains are analysed in one operation, at one credit each; three fail, and cost nothing in the end."""
from conversation import Ledger, note

with Ledger("2026-11-21T10:00:00Z") as ledger:
    note("What an analysis costs is configuration, with a history of its own. A user has bought 200 credits.")
    ledger.say("configure", tenant="tool", id="c-1", reason="launch prices", changes=[
        {"key": "price/siterank", "value": {"charges": [{"unit": "credits", "rates": {"requests": "1"}}]}}])
    ledger.say("grant", tenant="tool", id="g-1", account="ada", unit="credits", amount=200)

    note("Fifty domains are one batch: one request, one line in the log for each, all or none of them charged.")
    items = [{"id": f"b-1/{n}", "feature": "siterank", "quantities": {"requests": 1}} for n in range(1, 51)]
    answer = ledger.ask("debitBatch", tenant="tool", id="b-1", account="ada", batch="domains of November", items=items)
    print("<", answer["accepted"], "accepted; then", answer["parts"][0]["balance"])

    note("Three of them could not be reached: their items are given back, to the lot that paid.")
    for n in (7, 23, 42):
        ledger.say("refund", tenant="tool", id=f"r-{n}", of=f"b-1/{n}", reason="the domain did not answer")

    note("The same request again, as after a lost answer: nothing is charged twice.")
    again = ledger.ask("debitBatch", tenant="tool", id="b-1", account="ada", batch="domains of November", items=items)
    print("< replayed:", again["replayed"])

    note("Closed, the batch is one line of the history, net of what came back.")
    done = ledger.ask("closeBatch", tenant="tool", id="b-1/close", account="ada", batch="domains of November")
    ledger.say("balance", tenant="tool", account="ada")
    ledger.say("batches.summary", tenant="tool", account="ada", batch="domains of November", minSeq=done["seq"])

    note("What would a higher price change? Nothing is written by asking. Then it is raised, and rolled back.")
    dearer = [{"key": "price/siterank", "value": {"charges": [{"unit": "credits", "rates": {"requests": "2"}}]}, "expectVersion": 1}]
    ledger.say("configure", tenant="tool", id="c-2", reason="dearer", changes=dearer, dryRun=True)
    ledger.say("configure", tenant="tool", id="c-2", reason="dearer", changes=dearer)
    ledger.say("check", tenant="tool", account="ada", feature="siterank", quantities={"requests": 100})
    ledger.say("rollback", tenant="tool", id="c-3", reason="too dear", key="price/siterank", version=1)
