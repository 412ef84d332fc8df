import JSONText
public import LedgerModel

/// Which events a subscriber wants.
public struct EventFilter: Hashable, Sendable {
    /// Nil for every tenant's.
    public var tenant: Name?
    /// Nil for every type.
    public var types: Set<String>?

    public init(tenant: Name? = nil, types: Set<String>? = nil) {
        self.tenant = tenant
        self.types = types
    }

    /// Alerts, and what has become of them.
    static let alerts = EventFilter(types: ["alertRaised", "alertDelivered", "alertRead"])

    /// Whether a line of the log is wanted. Reads no more of it than is asked for.
    public func matches(_ line: UnsafeRawBufferPointer) -> Bool {
        if tenant == nil, types == nil { return true }
        return (try? matches(JSONReader(line))) ?? false
    }

    /// An event's `type` and `tenant` stand near the beginning of its line.
    private func matches(_ reader: JSONReader) throws(JSONError) -> Bool {
        var reader = reader
        var left = (tenant == nil ? 0 : 1) + (types == nil ? 0 : 1)
        try reader.beginObject()
        while left > 0, let key = try reader.nextKey() {
            switch key {
            case "type" where types != nil:
                if !types!.contains(try reader.string()) { return false }
                left -= 1
            case "tenant" where tenant != nil:
                if Name(try reader.string()) != tenant { return false }
                left -= 1
            default: try reader.rawValue()
            }
        }
        return left == 0
    }
}
