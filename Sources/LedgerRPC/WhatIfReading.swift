import EventCodec
import JSONText
public import LedgerModel

/// The methods that ask what a past period would have been under another document.
public enum WhatIfMethod: String, Sendable, CaseIterable {
    case price = "whatif.price"
    case plan = "whatif.plan"
}

/// A question about the past: a document of a price or a plan, and the days that it is put to.
public struct WhatIfCall: Hashable, Sendable {
    public var tenant: Name
    /// Of a price or a plan.
    public var key: DocumentKey
    public var document: Document
    /// Both included, by the day on which reports count a use.
    public var days: ClosedRange<Day>
    /// How many accounts to name for each unit.
    public var top: Int

    public init(tenant: Name, key: DocumentKey, document: Document, days: ClosedRange<Day>, top: Int = topDefault) {
        self.tenant = tenant
        self.key = key
        self.document = document
        self.days = days
        self.top = top
    }

    public static let topDefault = 10
    /// More accounts than these are a report of their own: `daily.accounts`, or an export.
    public static let topMax = 1000
}

extension Shape {
    static func of(_ method: WhatIfMethod) -> Shape {
        switch method {
        case .price: price
        case .plan: plan
        }
    }

    private static let price = Shape(
        [
            .required("tenant", .name, "The tenant"),
            .optional("feature", .name, "The feature whose price it is; or else key"),
            .optional("key", .text(byteCountMax: nil), "The document's key, price/FEATURE"),
        ] + rest("The proposed price, as in configure"))
    private static let plan = Shape(
        [
            .required("tenant", .name, "The tenant"),
            .optional("plan", .name, "The plan; or else key"),
            .optional("key", .text(byteCountMax: nil), "The document's key, plan/NAME"),
        ] + rest("The proposed plan, as in configure"))

    private static func rest(_ sentence: String) -> [Field] {
        [
            .required("value", .json(byteCountMax: RPCBounds.documentByteCountMax), sentence),
            .required("from", .day, "The first day of the period, as reports count days"),
            .required("to", .day, "The last day of the period"),
            .optional("top", .integer(0...Int64(WhatIfCall.topMax)), "How many accounts to name for each unit; 10 when absent"),
        ]
    }
}

extension WhatIfMethod {
    var told: (sentence: String, result: String) {
        let result =
            "asOf, assumptions, key, from, to, accounts, uses, notPriced, notJudged, units, features, refused, alerts, mostAffected, read"
        switch self {
        case .price: return ("What a past period would have cost under another price; nothing is written", result)
        case .plan: return ("What a past period would have been under another plan; nothing is written", result)
        }
    }

    fileprivate var kind: DocumentKey.Kind {
        switch self {
        case .price: .price
        case .plan: .plan
        }
    }

    fileprivate var nameField: String {
        switch self {
        case .price: "feature"
        case .plan: "plan"
        }
    }
}

extension JSONReader {
    mutating func call(_ method: WhatIfMethod) throws(FieldError) -> WhatIfCall {
        var tenant: Name?
        var (name, key): (Name?, DocumentKey?)
        var document: Document?
        var (from, to): (Day?, Day?)
        var top = WhatIfCall.topDefault
        try fields(of: .of(method), in: "params") { (field, reader) throws(FieldError) in
            switch field {
            case "tenant": tenant = try reader.name("tenant")
            case "feature", "plan": name = try reader.name(method == .price ? "feature" : "plan")
            case "key": key = try reader.key(of: method)
            case "value": document = try reader.proposed(method.kind)
            case "from": from = try reader.day("from")
            case "to": to = try reader.day("to")
            default: top = try reader.integer("top", in: 0...WhatIfCall.topMax)
            }
        }
        return WhatIfCall(
            tenant: tenant!, key: try method.key(name, key), document: document!, days: try WhatIfCall.days(from!, to!), top: top)
    }

    private mutating func key(of method: WhatIfMethod) throws(FieldError) -> DocumentKey {
        guard let key = DocumentKey(try text("key")), key.kind == method.kind else {
            throw .value(field: "key", reason: "must be \(method.kind.rawValue)/<\(method.nameField)>")
        }
        return key
    }

    /// The document by the reader of `configure`; it cannot be deleted here.
    private mutating func proposed(_ kind: DocumentKey.Kind) throws(FieldError) -> Document {
        if (try? peekType()) != .object { throw .shape(field: "value", reason: "must be an object") }
        do throws(FieldError) { return try document(kind) } catch { throw error.inside("value") }
    }

    private mutating func day(_ field: StaticString) throws(FieldError) -> Day {
        guard let day = Day(try text(field)) else {
            throw .value(field: field.description, reason: "must be a date such as 2026-11-21")
        }
        return day
    }
}

extension WhatIfMethod {
    fileprivate func key(_ name: Name?, _ key: DocumentKey?) throws(FieldError) -> DocumentKey {
        switch (name, key) {
        case (let name?, nil): return DocumentKey(kind, name)
        case (nil, let key?): return key
        case (.some, .some): throw .shape(field: "key", reason: "cannot stand beside \(nameField)")
        case (nil, nil): throw .shape(field: nameField, reason: "or key must be there")
        }
    }
}

extension WhatIfCall {
    fileprivate static func days(_ from: Day, _ to: Day) throws(FieldError) -> ClosedRange<Day> {
        if to < from { throw .value(field: "to", reason: "must not lie before from") }
        return from...to
    }
}
