/// What should hold for any bytes and does not hold for these.
public struct BrokenLaw: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
