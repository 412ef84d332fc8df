/// What a log commits to at one moment: the text of a signed note (C2SP tlog-checkpoint), lines of
/// ```
/// <origin>
/// <tree size>
/// <base64 of the root>
/// <extension lines, if any>
/// ```
public struct Checkpoint: Hashable, Sendable {
    /// Which log this is; the name of the key that signs it.
    public let origin: String
    /// How many leaves the tree has.
    public let size: UInt64
    /// The hash of the tree of that size.
    public let root: MerkleHash
    /// Further lines, signed like the rest.
    public let extensions: [String]

    /// A checkpoint from its parts.
    ///
    /// - Parameters:
    ///   - origin: one line, not empty.
    ///   - extensions: one line each, not empty.
    public init(origin: String, size: UInt64, root: MerkleHash, extensions: [String] = []) {
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Reads the text of a note. That says nothing of who signed it: see ``SignedNote/checkpoint(keys:)``.
    public init(parsing text: String) throws(NoteError) {
        try text.checkControlCharacters()
        let lines = text.lines
        guard lines.count > 3, lines.last?.isEmpty == true else {
            throw NoteError(.malformedCheckpoint, "a checkpoint has three lines at least, each with its newline")
        }
        if let blank = lines.dropLast().firstIndex(where: \.isEmpty) {
            throw NoteError(.malformedCheckpoint, "line \(blank + 1) of the checkpoint is empty")
        }
        guard let size = lines[1].decimal else {
            throw NoteError(.malformedCheckpoint, "line 2 of the checkpoint is not a tree size in decimal digits")
        }
        guard let root = MerkleHash(base64: lines[2]) else {
            throw NoteError(.malformedCheckpoint, "line 3 of the checkpoint is not a hash of 32 bytes in base64")
        }
        self.init(origin: lines[0].text, size: size, root: root, extensions: lines[3...].dropLast().map(\.text))
    }

    /// The text to sign; every line ends in a newline.
    public var text: String {
        ([origin, String(size), root.base64] + extensions).map { $0 + "\n" }.joined()
    }
}

extension SignedNote {
    /// The checkpoint that this note is, signed by one of the keys under its own origin.
    ///
    /// - Throws: `notSigned`, `badSignature`, `malformedCheckpoint` or `wrongOrigin`.
    public func checkpoint(keys: [VerifierKey]) throws(NoteError) -> Checkpoint {
        let signers = try check(keys: keys)
        let checkpoint = try Checkpoint(parsing: text)
        guard signers.contains(where: { $0.name.isExactly(checkpoint.origin) }) else {
            let names = signers.map(\.name).joined(separator: ", ")
            throw NoteError(.wrongOrigin, "the checkpoint is of \(checkpoint.origin), and signed by \(names)")
        }
        return checkpoint
    }
}
