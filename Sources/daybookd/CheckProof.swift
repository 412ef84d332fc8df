import ArgumentParser
import Foundation
import Transparency

struct CheckProof: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a receipt, a consistency proof or a checkpoint, without the ledger.",
        discussion: """
            Prints what was proven; nothing of it has to be believed but the key, which must come from somewhere else than the \
            proof: from whoever runs the ledger (daybookd checkpoint names it). A ledger whose key was replaced has several: \
            give all that you trust.

              daybookd check-proof receipt.txt --key 'example.com/ledger+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'

            Exit status 0 when it holds, 1 with the reason when it does not.
            """)

    @Argument(help: ArgumentHelp("The proof; - for standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("A verifier key that you trust; may be given several times.", valueName: "vkey"))
    var key: [String]

    func validate() throws {
        if key.isEmpty {
            throw ValidationError("give the verifier key with --key: a proof means nothing without one that you trust")
        }
        do { _ = try keys() } catch { throw ValidationError("--key: \((error as? NoteError)?.sentence ?? "\(error)")") }
    }

    private func keys() throws -> [VerifierKey] { try key.map { try VerifierKey($0) } }

    func run() throws {
        let bytes = try ProofFile.contents(file)
        do {
            for line in try Proven(bytes, keys()).lines { print(line) }
        } catch let error as NoteError {
            complain("not proven: \(error.sentence)")
            throw ExitCode.failure
        }
    }
}

/// What a proof shows, in words.
private struct Proven {
    let lines: [String]

    init(_ bytes: [UInt8], _ keys: [VerifierKey]) throws(NoteError) {
        let first = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        lines =
            switch first {
            case "c2sp.org/tlog-proof@v1": try Proven.inclusion(InclusionProof(parsing: bytes), keys)
            case "daybook/consistency-proof@v1": try Proven.consistency(ConsistencyProof(parsing: bytes), keys)
            default: try Proven.checkpoint(SignedNote(parsing: bytes).checkpoint(keys: keys), "signed")
            }
    }

    private static func inclusion(_ proof: InclusionProof, _ keys: [VerifierKey]) throws(NoteError) -> [String] {
        guard let line = proof.extra else {
            throw NoteError(.malformedProof, "the receipt does not hold the event's line (its second line is not `extra ...`)")
        }
        let leaf = line.withUnsafeBytes { MerkleHash.leaf($0) }
        let checkpoint = try proof.check(leaf: leaf, keys: keys)
        return ["proven: the log holds this as event \(proof.index + 1)"] + Proven.checkpoint(checkpoint, "in the log")
            + ["event      \(String(decoding: line, as: UTF8.self))"]
    }

    private static func consistency(_ proof: ConsistencyProof, _ keys: [VerifierKey]) throws(NoteError) -> [String] {
        let (old, new) = try proof.check(keys: keys)
        let origins = old.origin == new.origin ? "" : ", which continues \(old.origin) under a name of its own"
        return ["proven: the first \(old.size) events are what they were\(origins)"] + checkpoint(old, "before")
            + checkpoint(new, "after")
    }

    private static func checkpoint(_ checkpoint: Transparency.Checkpoint, _ what: String) -> [String] {
        [
            "\(what):", "  origin   \(checkpoint.origin)", "  events   \(checkpoint.size)",
            "  root     \(checkpoint.root.base64)",
        ]
    }
}

/// A proof that somebody sent.
enum ProofFile {
    /// No more than a proof may have, and one byte: whoever parses it refuses what is longer.
    static func contents(_ path: String) throws -> [UInt8] {
        let file: FileHandle
        do { file = path == "-" ? .standardInput : try FileHandle(forReadingFrom: URL(filePath: path)) } catch {
            throw ValidationError("\(path) cannot be read: \(error.localizedDescription)")
        }
        var bytes = Data()
        while bytes.count <= NoteBounds.proofByteCountMax, let more = try file.read(upToCount: 64 << 10), !more.isEmpty {
            bytes += more
        }
        return Array(bytes)
    }
}
