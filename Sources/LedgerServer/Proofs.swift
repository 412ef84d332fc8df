import LedgerModel
import LedgerRPC
import Notary
import Transparency

extension Notary {
    /// Answers with text. Reads the log and may sync a file.
    func answer(_ question: ProofQuestion) -> Result<ProofAnswer, RPCError> {
        do throws(NotaryError) {
            switch question {
            case .receipt(let sequence): return .success(try receipt(for: sequence))
            case .checkpoint(let size): return .success(try checkpoint(from: size))
            }
        } catch {
            return .failure(RPCError(error, to: question))
        }
    }

    private func receipt(for sequence: SequenceNumber) throws(NotaryError) -> ProofAnswer {
        let receipt = try receipt(of: sequence)
        let signed = try SignedCheckpoint(receipt.checkpoint)
        return .receipt(sequence: sequence, size: signed.checkpoint.size, text: receipt.encoded)
    }

    private func checkpoint(from size: SequenceNumber?) throws(NotaryError) -> ProofAnswer {
        let newest = try SignedCheckpoint(try checkpoint())
        guard let size else { return ProofAnswer(newest, nil) }
        let (path, note) = try consistency(from: size.rawValue)
        return ProofAnswer(try SignedCheckpoint(note), path)
    }
}

extension ProofAnswer {
    fileprivate init(_ signed: SignedCheckpoint, _ path: [MerkleHash]?) {
        self = .checkpoint(
            size: signed.checkpoint.size, root: signed.checkpoint.root.base64, text: signed.note.encoded,
            consistency: path?.map(\.base64))
    }
}

extension RPCError {
    fileprivate init(_ error: NotaryError, to question: ProofQuestion) {
        guard error.code == .notFound else {
            self = .internalError(error.sentence)
            return
        }
        let field = if case .receipt = question { "seq" } else { "from" }
        self = .rejected(RejectionRecord(.invalidField(field: field, reason: error.sentence)))
    }
}
