/// What a power cut leaves of all that was not synced. What was synced is always left.
public enum PowerCut: Sendable, Hashable {
    /// Nothing.
    case syncedOnly
    /// All of it.
    case everything
    /// Of each file each sector of 512 bytes as it was at some time since its last sync, and some byte count of that time; each
    /// creation, renaming and removal done or not; all independently of each other.
    case sectors(seed: UInt64)
    /// The same on a medium that may write a part of a sector.
    case tornSectors(seed: UInt64)
}

/// The choices that a power cut makes, one after the other.
struct PowerCutChoices {
    private enum Style { case first, last, mixed }

    private var random: SeededGenerator
    private let style: Style
    private let tearsSectors: Bool

    init(_ cut: PowerCut) {
        switch cut {
        case .syncedOnly: self.init(.first, 0)
        case .everything: self.init(.last, 0)
        case .sectors(let seed): self.init(.mixed, seed)
        case .tornSectors(let seed): self.init(.mixed, seed, tearsSectors: true)
        }
    }

    private init(_ style: Style, _ seed: UInt64, tearsSectors: Bool = false) {
        self.style = style
        self.tearsSectors = tearsSectors
        random = SeededGenerator(seed: seed)
    }

    /// Whether an unsynced change of a directory is left.
    mutating func keeps() -> Bool {
        switch style {
        case .first: false
        case .last: true
        case .mixed: Bool.random(using: &random)
        }
    }

    /// Which of the values that something had since its last sync is left; the first is the synced one.
    mutating func pick<Value>(_ values: [Value]) -> Value {
        switch style {
        case .first: values[0]
        case .last: values[values.count - 1]
        case .mixed: values[Int.random(in: 0..<values.count, using: &random)]
        }
    }

    /// The same for the bytes of a sector.
    mutating func pick(sector versions: [[UInt8]]) -> [UInt8] {
        let picked = pick(versions)
        guard tearsSectors, Bool.random(using: &random) else { return picked }
        return picked.prefix(Int.random(in: 0...picked.count, using: &random)).withRest(of: pick(versions))
    }

    /// Independent choices for a part, among them at times: nothing of it, or all.
    mutating func part() -> PowerCutChoices {
        guard case .mixed = style else { return self }
        let seed = random.next()
        return switch seed % 8 {
        case 0: PowerCutChoices(.first, 0)
        case 1: PowerCutChoices(.last, 0)
        default: PowerCutChoices(.mixed, seed, tearsSectors: tearsSectors)
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func withRest(of other: [UInt8]) -> [UInt8] { Array(self) + other[count...] }
}
