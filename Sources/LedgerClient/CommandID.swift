extension LedgerConnection {
    /// A new command id: a random UUID (RFC 9562, version 4). Keep it until the command is answered: the same id makes a retry safe.
    public static func newCommandID() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let groups = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16]
        return groups.map { bytes[$0].map(hexDigits).joined() }.joined(separator: "-")
    }

    private static func hexDigits(_ byte: UInt8) -> String { String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }
}
