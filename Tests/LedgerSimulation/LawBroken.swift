/// A law that does not hold, with what was found.
struct LawBroken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Throws unless a law holds.
func require(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws(LawBroken) {
    if !holds { throw LawBroken(otherwise()) }
}
