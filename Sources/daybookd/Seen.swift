import Notary
import ReadModels
import SegmentLog

/// What others have seen of the log in a data directory, and what must still be there: its read models, and its last checkpoint.
func seen(in directory: String) throws -> [Watermark] {
    let checkpoint = try Notary.lastCheckpoint(in: directory)?.watermark
    return ReadModels.watermarks(in: "\(directory)/views") + [checkpoint].compactMap { $0 }
}
