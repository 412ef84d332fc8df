/// Finds what somebody may have meant by a name that is not there.
enum NearestName {
    /// The known name with the fewest letters changed, the first of several; nil when half of the name or more would have to change.
    static func of(_ name: String, in known: [String]) -> String? {
        let wanted = Array(name.lowercased().utf8.prefix(byteCountMax))
        let near = known.map { ($0, distance(wanted, Array($0.lowercased().utf8))) }.min { $0.1 < $1.1 }
        guard let (nearest, distance) = near, distance * 2 < max(wanted.count, 2) else { return nil }
        return nearest
    }

    /// A name longer than this is near to none.
    private static let byteCountMax = 64

    /// How many bytes must be put in, taken out, or changed for another (V. I. Levenshtein, 1965).
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (i, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, against) in other.enumerated() {
                (diagonal, row[j + 1]) = (row[j + 1], min(row[j] + 1, row[j + 1] + 1, diagonal + (byte == against ? 0 : 1)))
            }
        }
        return row[other.count]
    }
}
