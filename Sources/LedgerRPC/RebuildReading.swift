import EventCodec
import JSONText

/// The methods by which an operator has a read model made anew, or held against one that is, while the ledger serves.
public enum RebuildMethod: String, Sendable, CaseIterable {
    case rebuild = "readModels.rebuild"
    case check = "readModels.check"
}

/// What is to be done with the read model of a name.
public enum RebuildCall: Hashable, Sendable {
    case rebuild(String)
    case check(String)
}

extension RebuildCall {
    public var readModel: String {
        switch self {
        case .rebuild(let name), .check(let name): name
        }
    }

    fileprivate var method: RebuildMethod {
        switch self {
        case .rebuild: .rebuild
        case .check: .check
        }
    }
}

extension RPCError {
    /// There is no read model of that name.
    public static func noReadModel(_ call: RebuildCall, there names: [String]) -> RPCError {
        .invalidParameters(
            method: call.method.rawValue, field: "readModel", reason: "must be one of \(names.joined(separator: ", "))",
            fields: Shape.of(call.method).names)
    }
}

extension Shape {
    static func of(_: RebuildMethod) -> Shape { rebuild }

    private static let rebuild = Shape([
        .required("readModel", .text(byteCountMax: RPCBounds.queryNameByteCountMax), "Its name, such as daily")
    ])
}

extension RebuildMethod {
    var told: (sentence: String, result: String) {
        switch self {
        case .rebuild:
            ("Begins to build a read model anew; the file there is answers until the new one takes its place", "readModel")
        case .check:
            (
                "Builds a read model anew beside the one in use, compares the two row by row, and keeps the one in use",
                "readModel, difference: null, or the first one in words"
            )
        }
    }
}

extension JSONReader {
    mutating func call(_ method: RebuildMethod) throws(FieldError) -> RebuildCall {
        var name = ""
        try fields(of: .of(method), in: "params") { (_, reader) throws(FieldError) in
            name = try reader.text("readModel", byteCountMax: RPCBounds.queryNameByteCountMax)
        }
        switch method {
        case .rebuild: return .rebuild(name)
        case .check: return .check(name)
        }
    }
}
