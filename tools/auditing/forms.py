"""Which fields stand in a line, in which order, of which type: the tables of events.md, one word per field and type.

A form is written as in the document: `account:name reason?:text` is a field `account` and a field `reason` that may be absent.
"""

import re
from typing import Any

from . import types as t
from .disagreement import Disagreement


class Form:
    """The fields of an object, in their order. Which sets of fields occur is remembered, so that each is judged once."""

    def __init__(self, spec: str) -> None:
        self.fields = [field(word) for word in spec.split()]
        self.shapes: dict[tuple[str, ...], tuple[t.Check, ...]] = {}

    def check(self, value: dict[str, Any], what: str = "the event") -> None:
        keys = tuple(value)
        checks = self.shapes.get(keys) or self._admit(keys, what)
        for check, item in zip(checks, value.values()):
            if not check(item):
                self._refuse(value, what)

    def _admit(self, keys: tuple[str, ...], what: str) -> tuple[t.Check, ...]:
        wanted = [name for name, _, is_optional in self.fields if not is_optional or name in keys]
        if wanted != list(keys):
            raise Disagreement(f"the fields of {what}", " ".join(wanted), " ".join(keys))
        self.shapes[keys] = tuple(check for name, check, _ in self.fields if name in keys)
        return self.shapes[keys]

    def _refuse(self, value: dict[str, Any], what: str) -> None:
        for name, check, _ in self.fields:
            if name in value and not check(value[name]):
                raise Disagreement(f"`{name}` of {what}", "a value as its table says", repr(value[name])[:300])

    def __call__(self, value: Any) -> bool:
        """As the type of a field in another form."""
        if type(value) is not dict:
            return False
        self.check(value, "an object in it")
        return True


def field(word: str) -> tuple[str, t.Check, bool]:
    name, _, kind = word.partition(":")
    return name.rstrip("?"), TYPES[kind], name.endswith("?")


def price_rate(value: Any) -> bool:
    return type(value) is str and re.fullmatch(r"\d+(\.\d+)?(/\d+)?", value, re.ASCII) is not None


def document_key(value: Any) -> bool:
    if type(value) is not str:
        return False
    kind, _, name = value.partition("/")
    return value == "tenant/settings" or (kind in DOCUMENT_KINDS and t.name(name))


DOCUMENT_KINDS = ("unit", "price", "plan", "alert", "tag")

TYPES: dict[str, t.Check] = {
    "seq": t.positive,
    "amount": t.amount,
    "positive": t.positive,
    "allotment": t.allotment,
    "count": t.amount,
    "peer": t.between(0, (1 << 32) - 1),
    "name": t.name,
    "text": t.text,
    "time": t.time,
    "date": t.date,
    "true": t.true,
    "false": t.false,
    "any": t.anything,
    "hex16": t.hexadecimal(16),
    "hex64": t.hexadecimal(64),
    "priority": t.between(-1000, 1000),
    "figure": t.between(-t.AMOUNT_MAX, t.AMOUNT_MAX),
    "otherPriority": lambda value: t.between(-1000, 1000)(value) and value != 10,
    "anchor": t.between(1, 31),
    "commands": t.between(1, 1000),
    "scale": t.between(0, 12),
    "seqs": t.array(t.positive, 1, 1000),
    "amounts": t.mapping(t.amount),
    "labels": t.mapping(t.name, 1, 8),
    "names": t.ordered_names,
    "rate": price_rate,
    "rates": t.mapping(price_rate, 1, 16),
    "key": document_key,
    "document": lambda value: value is None or type(value) is dict,
    "period": t.one_of("day", "month", "never"),
    "otherPeriod": t.one_of("day", "never"),
    "source": t.one_of("purchase", "plan", "bonus", "refund", "adjustment", "opening"),
    "direction": t.one_of("up", "down"),
    "onExpiry": t.one_of("release", "capture"),
    "method": t.one_of("reported", "observed", "estimated", "none"),
    "status": t.one_of("active", "disabled", "faulty"),
    "outcome": t.one_of("succeeded", "partial", "failed"),
    "severity": t.one_of("info", "warning", "error"),
    "subscription": t.one_of("subscription"),
    "subject": t.one_of("account", "key", "tag", "platform"),
    "otherSubject": t.one_of("key", "tag", "platform"),
    "ascending": t.array(t.positive, 1),
}


def named(**forms: str) -> None:
    """Forms that are types of fields in later ones."""
    for name, spec in forms.items():
        TYPES[name] = Form(spec)
        TYPES[name + "s"] = t.array(TYPES[name])


def meter(value: Any) -> bool:
    """The first field says whose it is (events.md, "Meters")."""
    form = METERS.get(next(iter(value), "")) if type(value) is dict else None
    if form is None:
        return False
    form.check(value, "a meter")
    return True


TERMS = "priority:priority effectiveAt?:time expiresAt?:time source:source"
named(terms=TERMS)
named(balance="available:amount held:amount unlimited?:true")
named(draw="lot:seq amount:amount remaining?:amount", back="lot:seq amount:amount remaining?:amount reopened?:terms")
named(part="unit:name amount:amount lots:draws balance:balance")
named(return_="unit:name amount:amount lots:backs balance:balance expired?:positive reissued?:terms")
TYPES["onePart"] = t.array(TYPES["part"], 1, 1)
TYPES["someParts"] = t.array(TYPES["part"], 1)
COUNT = "unit:name used:amount limit?:amount start:time end?:time"
METERS = {
    "allowance": Form("allowance:name period:period lot:seq " + COUNT),
    "key": Form("key:name " + COUNT),
    "rule": Form("rule:name subject:name " + COUNT),
}
TYPES["meters"] = t.array(meter, 1)
named(late="hold:name held:seq method:method shortfall?:positive")
named(limit="unit:name amount:amount period:period")
named(item="item:name message:text data:rejection".replace(":rejection", ":any"))
named(allow="allow:amount")
TYPES["overage"] = lambda value: value in ("reject", "cap") if type(value) is str else TYPES["allow"](value)

COST = "feature?:name quantities?:amounts price?:positive "
KEY_TERMS = "platform?:name owner?:name name?:name tags?:names expiresAt?:time limit?:limit features?:names maxOpenHolds?:count"
USE = COST + "key?:name batch?:name "
SAID = "labels?:labels occurredAt?:time details?:any "
ENVELOPE = "seq:seq at:time day:date type:text tenant:name id:name events?:positive body?:hex16 peer?:peer actor?:name "

FORMS = {
    name: Form(ENVELOPE + spec)
    for name, spec in {
        "ledgerOpened": "ledger:name origin:name key:name",
        "recovered": "segment:seq offset:count byteCount:count torn:name",
        "restored": "ledger:name origin:name key:name parent:name sequence:seq root:name",
        "signingKeyReplaced": "key:name reason:text",
        "segmentRotten": "segment:seq reason:text",
        "submitted": "commands:commands",
        "accountOpened": "account:name name?:name labels?:labels",
        "accountFrozen": "account:name reason:text",
        "accountUnfrozen": "account:name reason:text",
        "accountClosed": "account:name reason:text",
        "granted": "account:name " + TERMS + " memo?:text parts:onePart",
        "adjusted": "account:name direction:direction reason:text before:balance parts:onePart meters?:meters",
        "lotExpired": "account:name lot:seq expiresAt:time parts:onePart",
        "debited": "account:name " + USE + "item?:name " + SAID + "parts:someParts meters?:meters late?:late",
        "itemsRejected": "account:name batch:name items:items",
        "refunded": "account:name of:name debit:seq feature?:name key?:name batch?:name labels?:labels quantities?:amounts"
        " reason?:text parts:return_s meters?:meters late?:late",
        "usageRecorded": "account:name unit?:name amount?:amount feature?:name quantities?:amounts key?:name batch?:name "
        + SAID,
        "held": "account:name "
        + USE
        + SAID
        + "expiresAt:time onExpiry:onExpiry overage:overage parts:someParts meters?:meters",
        "holdExtended": "account:name hold:name expiresAt:time",
        "settled": "account:name hold:name held:seq " + USE + "labels?:labels details?:any method:method parts:parts"
        " returns?:return_s shortfall?:positive meters?:meters",
        "released": "account:name hold:name held:seq key?:name batch?:name labels?:labels details?:any reason?:text parts:parts"
        " returns?:return_s meters?:meters",
        "holdExpired": "account:name hold:name held:seq " + USE + "labels?:labels details?:any parts:parts"
        " returns?:return_s meters?:meters",
        "batchOpened": "account:name batch:name feature?:name size?:count",
        "batchClosed": "account:name batch:name",
        "subscribed": "account:name plan:name from:time until?:time anchor:anchor isDefault?:true",
        "planChanged": "account:name from:name to:name effectiveAt:time until?:time anchor:anchor",
        "unsubscribed": "account:name plan:name endedAt:time",
        "allowanceOpened": "account:name plan:name version:positive period:period start:time end?:time amount:allotment"
        " carried?:positive used?:positive replaces?:seq priority:priority expiresAt?:time parts:onePart",
        "allowanceOverridden": "account:name plan:name unit:name period:period amount?:allotment reason:text",
        "allowanceReset": "account:name plan:name unit:name period:period reason:text",
        "configured": "key:key version:positive value:document reason:text rollbackOf?:positive effectiveAt?:time",
        "configurationScheduled": "key:key value:document reason:text effectiveAt:time",
        "configurationCancelled": "key:key scheduled:seq reason:text",
        "keyIssued": "key:name hash:hex64 account:name " + KEY_TERMS,
        "keyUpdated": "key:name account:name status:status " + KEY_TERMS,
        "keyRevoked": "key:name account:name reason?:text",
        "alertRaised": "rule:name severity:severity account?:name kind:text",
        "alertDelivered": "alerts:seqs",
        "alertRead": "alerts:seqs",
        "usageReported": "platform:name key?:name from:time to:time quantities:amounts unit:name cost:amount",
        "syncReported": "platform:name status:outcome from:time to:time counts:amounts error?:text",
    }.items()
}


class AlertForm:
    """An alert's fields depend on its kind (events.md, "alertRaised")."""

    def __init__(self) -> None:
        head = ENVELOPE + "rule:name severity:severity "
        self.kinds = {
            kind: Form(head + ("" if kind in ("segmentRotten", "drift") else "account:name ") + "kind:text " + spec)
            for kind, spec in {
                "lowBalance": "unit:name below:amount available:amount",
                "allowanceUsed": "plan:name unit:name period:period windowStart:time limit:amount used:amount"
                " threshold:positive",
                "spend": "subject:subject name:name unit:name start:time end?:time above:amount spent:amount",
                "keyExpiring": "key:name expiresAt:time days:count",
                "keyFaulty": "key:name",
                "holdAgeing": "hold:name seconds:count",
                "segmentRotten": "segment:seq reason:text",
                "drift": "ofTenant:name ofAccount:name unit:name sequence:seq expected:figure found:figure",
            }.items()
        }

    def check(self, value: dict[str, Any]) -> None:
        form = self.kinds.get(str(value.get("kind")))
        if form is None:
            raise Disagreement("the kind of the alert", " ".join(self.kinds), value.get("kind"))
        form.check(value, "the alert")


FORMS["alertRaised"] = AlertForm()  # type: ignore[assignment]
del FORMS["segmentRotten"]

named(charge="unit:name rates:rates", money="unit:name amount:amount")
named(allowance="unit:name amount:allotment period:period priority?:otherPriority rollover?:amount anchor?:subscription")
TYPES["charges"] = t.array(TYPES["charge"], 1, 8)
TYPES["allowances"] = t.array(TYPES["allowance"], 0, 32)
RULE_END = " severity?:severity enabled?:false"

DOCUMENTS = {
    "unit": Form("scale:scale"),
    "price": Form("charges:charges minimum?:amount enabled?:false"),
    "plan": Form("name?:text price?:money cycle?:name enabled?:false allowances:allowances"),
    "tag": Form("colour?:name note?:text"),
    "tenant": Form("timeZone?:name lateDays?:count defaultPlan?:name holdSeconds?:count maxOpenHolds?:count"),
}
RULES = {
    kind: Form("kind:name " + spec + RULE_END)
    for kind, spec in {
        "allowanceUsed": "unit?:name thresholds?:ascending",
        "lowBalance": "unit:name below:amount",
        "spend": "subject?:otherSubject unit:name period?:otherPeriod above:amount",
        "keyExpiring": "days?:ascending",
        "keyFaulty": "",
        "holdAgeing": "seconds:count",
    }.items()
}


def check_document(key: str, value: dict[str, Any] | None) -> None:
    """A document's content (events.md, "configured"); `null` deletes it."""
    if value is None:
        return
    kind = key.partition("/")[0]
    form = RULES.get(str(value.get("kind"))) if kind == "alert" else DOCUMENTS[kind]
    if form is None:
        raise Disagreement(f"the kind of {key}", " ".join(RULES), value.get("kind"))
    form.check(value, key)
