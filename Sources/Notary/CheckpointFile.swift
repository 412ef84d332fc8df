import SegmentLog
import Transparency

/// The file `checkpoint` of a data directory: the last checkpoint that was signed. Whoever reads it finds a whole one, the old
/// or the new, whatever fails while it is exchanged.
struct CheckpointFile: Sendable {
    let directory: String
    let volume: any Volume

    private var path: String { "\(directory)/checkpoint" }

    /// Nil when nothing was signed yet.
    func read() throws(NotaryError) -> SignedCheckpoint? {
        let bytes: [UInt8]
        do throws(LogError) {
            guard try volume.exists(path) else { return nil }
            bytes = try volume.openFile(path, forWriting: false).contents(atMost: NoteBounds.noteByteCountMax + 1)
        } catch { throw .volume(error) }
        do throws(NotaryError) { return try SignedCheckpoint(note(bytes)) } catch {
            throw NotaryError(
                error.code,
                "\(path): \(error.sentence); put it back from a backup, or remove it if you trust the log: another is "
                    + "signed at the start")
        }
    }

    private func note(_ bytes: [UInt8]) throws(NotaryError) -> SignedNote {
        do throws(NoteError) { return try SignedNote(parsing: bytes) } catch {
            throw NotaryError(.badCheckpoint, error.sentence)
        }
    }

    /// Durable when this returns. After an error the old one or the new one stands there, and both are true.
    func write(_ note: SignedNote) throws(NotaryError) {
        do throws(LogError) { try volume.replace(path, in: directory, with: Array(note.encoded.utf8)) } catch {
            throw .volume(error)
        }
    }
}

extension CheckpointFile {
    /// Takes the checkpoint out of the way, into `torn/`. Answers the name of the file there.
    func setAside(_ checkpoint: SignedCheckpoint) throws(NotaryError) -> String {
        let name = "checkpoint-\(checkpoint.sequence)"
        do throws(LogError) {
            try volume.makeDirectory("\(directory)/torn")
            try volume.rename(path, to: "\(directory)/torn/\(name)")
            try volume.syncDirectory("\(directory)/torn")
            try volume.syncDirectory(directory)
        } catch { throw .volume(error) }
        return name
    }
}
