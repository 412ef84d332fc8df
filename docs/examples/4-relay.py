"""Job 4: a relay bills calls to a model: it holds the most a call can cost, settles what it did cost, and never overspends."""
from conversation import Ledger, note

with Ledger("2026-09-14T12:00:00Z") as ledger:
    note("The plan's tokens pay first, at one for one; what they cannot pay is bought, in millionths of a dollar.")
    ledger.say("configure", tenant="relay", id="c-1", reason="start", changes=[
        {"key": "unit/usd", "value": {"scale": 6}},
        {"key": "plan/basic", "value": {"allowances": [{"unit": "tokens", "amount": 10_000, "period": "month"}]}},
        {"key": "price/chat", "value": {"charges": [
            {"unit": "tokens", "rates": {"inputTokens": "1", "outputTokens": "1"}},
            {"unit": "usd", "rates": {"inputTokens": "2.50/1000000", "outputTokens": "10/1000000"}}]}}])
    ledger.say("subscribe", tenant="relay", id="s-1", account="eve", plan="basic")
    ledger.say("grant", tenant="relay", id="g-1", account="eve", unit="usd", amount=50_000)

    note("Before the call: 4,000 tokens go in, 4,000 at most come out. After it: what the provider reported.")
    ledger.say("hold", tenant="relay", id="call-1", account="eve", feature="chat",
               quantities={"inputTokens": 4000, "outputTokens": 4000}, labels={"model": "large"})
    ledger.say("settle", tenant="relay", id="call-1/end", hold="call-1",
               quantities={"inputTokens": 4000, "outputTokens": 1500}, method="reported")

    note("4,500 tokens are left of the plan. The next call costs more: the tokens pay their share, money the rest.")
    ledger.say("hold", tenant="relay", id="call-2", account="eve", feature="chat",
               quantities={"inputTokens": 6000, "outputTokens": 3000})
    ledger.say("settle", tenant="relay", id="call-2/end", hold="call-2",
               quantities={"inputTokens": 6000, "outputTokens": 3000})

    note("A call that could cost more than there is does not begin.")
    ledger.say("hold", tenant="relay", id="call-3", account="eve", feature="chat",
               quantities={"inputTokens": 100_000, "outputTokens": 4000})

    note("Two streams break and nobody settles them. One was held to be released, the other to be captured.")
    for name, policy in (("kind", "release"), ("strict", "capture")):
        ledger.say("hold", tenant="relay", id=name, account="eve", feature="chat",
                   quantities={"inputTokens": 1000, "outputTokens": 500}, onExpiry=policy, expiresInSeconds=60)
    ledger.say("balance", tenant="relay", account="eve", unit="usd")
    ledger.later("2026-09-14T12:10:00Z")
    ledger.say("balance", tenant="relay", account="eve", unit="usd")

    note("The relay comes back late and knows what was used: it is honoured once, and never above what was held.")
    for name in ("kind", "strict"):
        ledger.say("settle", tenant="relay", id=f"{name}/late", hold=name,
                   quantities={"inputTokens": 1000, "outputTokens": 200}, method="observed")
    ledger.say("balance", tenant="relay", account="eve", unit="usd")
    ledger.say("settle", tenant="relay", id="kind/again", hold="kind", quantities={"inputTokens": 1000})
    ledger.say("explain", tenant="relay", account="eve", unit="usd", amount=100_000)
