/// The lines of a proof, read from the top. Both forms of proof are lines of their own, a blank line, and notes.
struct ProofLines {
    private let proof: String
    private let lines: [Substring.UTF8View]
    private var next = 1

    init(_ bytes: [UInt8], first: String) throws(NoteError) {
        proof = try String(note: bytes, atMost: NoteBounds.proofByteCountMax)
        lines = proof.lines
        guard lines[0].elementsEqual(first.utf8) else {
            throw NoteError(.malformedProof, "the first line is not \(first): this is another kind of file")
        }
    }

    /// The bytes of the optional line `extra <base64>`.
    mutating func extra() throws(NoteError) -> [UInt8]? {
        guard let text = line?.behind("extra ") else { return nil }
        guard let bytes = [UInt8](base64: text) else { throw malformed("extra data in base64") }
        next += 1
        return bytes
    }

    /// The number of the line `index <decimal>`.
    mutating func index() throws(NoteError) -> UInt64 {
        guard let index = line?.behind("index ")?.decimal else { throw malformed("\"index \" and a decimal number") }
        next += 1
        return index
    }

    /// Hashes, one a line, up to a blank line.
    mutating func hashes(atMost countMax: Int) throws(NoteError) -> [MerkleHash] {
        var hashes: [MerkleHash] = []
        while let text = line, !text.isEmpty {
            guard let hash = MerkleHash(base64: text) else { throw malformed("a hash of 32 bytes in base64") }
            if hashes.count == countMax { throw NoteError(.tooLarge, "there are more than \(countMax) hashes") }
            hashes.append(hash)
            next += 1
        }
        try blank()
        return hashes
    }

    /// The bytes of a note in whose text no line is empty: to its second blank line, which is read too and no part of it.
    mutating func note() throws(NoteError) -> [UInt8] {
        let first = next
        for _ in 0..<2 {
            while let text = line, !text.isEmpty { next += 1 }
            try blank()
        }
        return Array(proof.utf8[lines[first].startIndex..<lines[next - 1].startIndex])
    }

    /// The bytes of all that is left.
    var rest: [UInt8] { line.map { Array(proof.utf8[$0.startIndex...]) } ?? [] }

    private var line: Substring.UTF8View? { next < lines.count ? lines[next] : nil }

    private mutating func blank() throws(NoteError) {
        // Behind the last newline stands an empty line that is none of the proof's.
        guard next < lines.count - 1 else { throw NoteError(.malformedProof, "the proof is cut short at line \(next)") }
        next += 1
    }

    private func malformed(_ expected: String) -> NoteError {
        NoteError(.malformedProof, "line \(next + 1) of the proof is not \(expected)")
    }
}

extension [MerkleHash] {
    /// One line each.
    var lines: String { map { $0.base64 + "\n" }.joined() }
}
