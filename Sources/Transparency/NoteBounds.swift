/// Every bound of notes and proofs in one place, each with its reason. They arrive as files and messages from anyone, and
/// nothing larger than this is looked at.
public enum NoteBounds {
    /// Bytes of a signed note: 256 KiB. A verifier must accept 16 signatures of nearly 5 kB each (C2SP signed-note); that is
    /// 107 kB in base64, and this leaves as much again for the text.
    public static let noteByteCountMax = 256 << 10

    /// Signatures of a note: 64, four times what a verifier must accept. A cosigned checkpoint has about ten.
    public static let signatureCountMax = 64

    /// Bytes of a proof: 1 MiB. It holds two notes, 65 hashes, and 384 KiB of extra data.
    public static let proofByteCountMax = 1 << 20

    /// Hashes of an inclusion proof: 64, the height of the largest tree whose size fits 64 bits.
    public static let inclusionPathCountMax = 64

    /// Hashes of a consistency proof: 65, one more than that height (RFC 6962, section 2.1.2).
    public static let consistencyPathCountMax = 65
}
