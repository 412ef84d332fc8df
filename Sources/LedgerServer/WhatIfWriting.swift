import EventCodec
import JSONText
import LedgerModel
import WhatIf

/// The result of `whatif.price` and `whatif.plan`.
extension JSONWriter {
    mutating func whatIf(_ report: WhatIfReport) {
        beginObject()
        asOf(report)
        key("assumptions")
        integer(WhatIfAnswer.assumptions)
        question(report.question)
        counts(report.answer)
        list("units", report.answer.units) { $0.unit($1) }
        list("features", report.answer.features) { $0.feature($1) }
        key("refused")
        refusals(report.answer)
        list("alerts", report.answer.thresholds) { $0.threshold($1) }
        list("mostAffected", report.answer.mostAffected) { $0.account($1) }
        read(report)
        endObject()
    }

    private mutating func asOf(_ report: WhatIfReport) {
        key("asOf")
        beginObject()
        key("seq")
        sequence(report.asOf.sequence)
        key("at")
        if let at = report.asOf.at { timestamp(at) } else { null() }
        endObject()
    }

    private mutating func question(_ question: WhatIfQuestion) {
        text("tenant", question.tenant.text)
        text("key", question.key.description)
        text("from", question.days.lowerBound.description)
        text("to", question.days.upperBound.description)
    }

    private mutating func counts(_ answer: WhatIfAnswer) {
        count("accounts", answer.accounts)
        count("uses", answer.uses)
        count("notPriced", answer.notPriced)
        count("notJudged", answer.notJudged)
    }

    /// How much was looked at, and how long that took.
    private mutating func read(_ report: WhatIfReport) {
        let (seconds, attoseconds) = report.duration.components
        key("read")
        beginObject()
        count("uses", report.readCount)
        key("milliseconds")
        integer(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        endObject()
    }

    // MARK: Rows

    private mutating func unit(_ unit: WhatIfAnswer.Unit) {
        text("unit", unit.unit.text)
        compared(unit.taken)
        beyondAllowance(unit.beyondAllowance)
    }

    private mutating func feature(_ feature: WhatIfAnswer.Feature) {
        key("feature")
        if let name = feature.feature { string(name.text) } else { null() }
        text("unit", feature.unit.text)
        count("uses", feature.uses)
        compared(feature.taken)
        count("refused", feature.refused)
    }

    private mutating func refusals(_ answer: WhatIfAnswer) {
        beginObject()
        count("uses", answer.refused)
        list("reasons", answer.refusals) { writer, refusal in
            writer.text("rejection", refusal.rejection)
            writer.count("uses", refusal.uses)
        }
        endObject()
    }

    private mutating func threshold(_ threshold: WhatIfAnswer.Threshold) {
        text("unit", threshold.unit.text)
        count("threshold", threshold.threshold)
        count("actual", threshold.actual)
        count("proposed", threshold.proposed)
        count("gained", threshold.gained)
        count("lost", threshold.lost)
    }

    private mutating func account(_ account: WhatIfAnswer.Account) {
        text("account", account.account.text)
        text("unit", account.unit.text)
        compared(account.taken)
        beyondAllowance(account.beyondAllowance)
        count("refused", account.refused)
    }

    // MARK: Values

    private mutating func beyondAllowance(_ amounts: Compared) {
        key("beyondAllowance")
        beginObject()
        compared(amounts)
        endObject()
    }

    private mutating func compared(_ amounts: Compared) {
        key("actual")
        integer(amounts.actual)
        key("proposed")
        integer(amounts.proposed)
        key("difference")
        integer(amounts.difference)
    }

    private mutating func list<Row>(_ name: StaticString, _ rows: [Row], _ row: (inout JSONWriter, Row) -> Void) {
        key(name)
        beginArray()
        for element in rows {
            beginObject()
            row(&self, element)
            endObject()
        }
        endArray()
    }

    private mutating func count(_ name: StaticString, _ value: Int) {
        key(name)
        integer(value)
    }

    private mutating func text(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }
}
