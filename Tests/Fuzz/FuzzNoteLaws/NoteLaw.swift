public import FuzzLaws
import Transparency

/// A signed note, a checkpoint, a receipt or a proof of consistency: no bytes trap, and what is read is written again as the
/// same bytes.
public func checkNote(_ bytes: UnsafeRawBufferPointer) throws(BrokenLaw) {
    let bytes = Array(bytes)
    if let note = try? SignedNote(parsing: bytes) {
        try compare(bytes, note.encoded, "a note")
        _ = try? note.checkpoint(keys: [])
    }
    if let proof = try? InclusionProof(parsing: bytes) {
        try compare(bytes, proof.encoded, "a receipt")
        _ = try? proof.check(leaf: .emptyRoot, keys: [])
    }
    if let proof = try? ConsistencyProof(parsing: bytes) {
        try compare(bytes, proof.encoded, "a proof of consistency")
        _ = try? proof.check(keys: [])
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if let checkpoint = try? Checkpoint(parsing: text) { try compare(Array(text.utf8), checkpoint.text, "a checkpoint") }
    if let key = try? VerifierKey(text) { try compare(Array(text.utf8), key.description, "a key") }
}

private func compare(_ bytes: [UInt8], _ again: String, _ what: String) throws(BrokenLaw) {
    if !bytes.elementsEqual(again.utf8) { throw BrokenLaw("\(what) written again is \(again)") }
}
