import ArgumentParser
import Foundation
import LedgerEngine
import LedgerModel
import Notary
import ReadModels
import SegmentLog
import Transparency

struct Prove: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that the log holds an event, or that it continues an older checkpoint.",
        discussion: """
            A receipt for an event (a C2SP tlog-proof with the event's line), or with --from the proof that nothing before an \
            older checkpoint was changed; both under the last checkpoint that was signed. `daybookd check-proof` checks them \
            without the ledger. May run beside the daemon; when nothing serves and the event is newer than the last \
            checkpoint, one is signed.

              daybookd prove 4711 --data ledger --output receipt.txt
              daybookd prove --from last-year.checkpoint --data ledger
            """)

    @OptionGroup var data: DataOption

    @Argument(help: ArgumentHelp("The event's sequence number.", valueName: "seq"))
    var sequence: UInt64?

    @Option(help: ArgumentHelp("An older checkpoint of this ledger, or a receipt that holds one.", valueName: "file"))
    var from: String?

    @Option(help: ArgumentHelp("Where to write the proof; standard output unless given.", valueName: "file"))
    var output: String?

    func validate() throws {
        guard (sequence == nil) != (from == nil) else {
            throw ValidationError("give the sequence number of an event, or --from a checkpoint")
        }
        if sequence == 0 { throw ValidationError("events are numbered from 1") }
    }

    func run() throws {
        let proof: String
        if let sequence {
            proof = try receipt(SequenceNumber(sequence))
        } else {
            proof = try consistency(from: SignedNote(proofFile: from!))
        }
        guard let output else { return print(proof, terminator: "") }
        try Data(proof.utf8).write(to: URL(filePath: output), options: .atomic)
    }

    private func receipt(_ sequence: SequenceNumber) throws -> String {
        let ledger = try ledger(covering: sequence)
        return try ledger.tree().receipt(of: sequence, under: ledger.checkpoint, upTo: ledger.head).encoded
    }

    private func consistency(from old: SignedNote) throws -> String {
        let size = try Transparency.Checkpoint(parsing: old.text).size
        let ledger = try ledger(covering: SequenceNumber(size))
        let path = try ledger.tree().consistency(from: size, under: ledger.checkpoint, upTo: ledger.head)
        let proof = ConsistencyProof(path: path, old: old, new: ledger.checkpoint.note)
        try proof.checkTrees()
        return proof.encoded
    }

    private func ledger(covering sequence: SequenceNumber) throws -> SignedLedger {
        if let last = try Notary.lastCheckpoint(in: data.directory), last.sequence >= sequence {
            return try SignedLedger(data.directory)
        }
        let head = try LogReader(data.directory).head()
        guard sequence <= head.lastSequence else {
            throw NotaryError(.notFound, "there is no event \(sequence): the log ends at \(head.lastSequence)")
        }
        try sign(covering: sequence)
        return try SignedLedger(data.directory)
    }

    /// Signs what there is, while no daemon does.
    private func sign(covering sequence: SequenceNumber) throws {
        let seen = try seen(in: data.directory)
        let log: SegmentLog
        do throws(LogError) {
            log = try SegmentLog.open(
                data.directory, watermarks: seen, creatingWith: nil, now: Clock.system.now()
            ).log
        } catch {
            guard error.code == .locked else { throw error }
            throw NotaryError(
                .notCovered,
                "no checkpoint covers event \(sequence) yet, and the daemon is at work: it signs one every ten seconds; "
                    + "ask again then, or ask it: daybook proof \(sequence)")
        }
        let notary = try notary(CommittedHead(log.head))
        notary.start()
        defer { notary.stop() }
        _ = try notary.checkpoint()
        try log.close()
    }

    private func notary(_ head: CommittedHead) throws -> Notary {
        let reader = LogReader(data.directory)
        let identity = try IdentityScan(reader, upTo: head.current)
        guard let origin = identity.origin else { throw NotaryError(.notFound, "the log has no events") }
        let keys = identity.keys.map(\.key)
        return try Notary(
            directory: data.directory, reader: reader, head: head,
            signer: SigningKey.signer(of: origin, keys: keys, in: data.directory),
            origin: origin, keys: keys, note: complain)
    }
}

extension SignedNote {
    /// The checkpoint in a file: a note by itself, or that of a receipt.
    init(proofFile path: String) throws {
        let bytes = try ProofFile.contents(path)
        do { self = try InclusionProof(parsing: bytes).checkpoint } catch { self = try SignedNote(parsing: bytes) }
    }
}

extension ConsistencyProof {
    /// What is handed out leads from one root to the other, whoever signed the older.
    fileprivate func checkTrees() throws {
        let (old, new) = (try Transparency.Checkpoint(parsing: old.text), try Transparency.Checkpoint(parsing: new.text))
        guard MerkleTree.isConsistent(old.root, old.size, with: new.root, new.size, path: path) else {
            throw NotaryError(
                .inconsistent,
                "the log does not continue that checkpoint: the tree of its first \(old.size) events has another root. "
                    + "One of them is another ledger's, or history was changed")
        }
    }
}
