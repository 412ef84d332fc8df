import EventCodec
import JSONText
import LedgerModel

/// A line of the log: no bytes trap, and what is read as an event is written as a line that is read as the same event, and
/// written again as the same bytes. (The first line may be another: white space and needless escapes are read.)
public func checkEvent(_ bytes: UnsafeRawBufferPointer) throws(BrokenLaw) {
    guard let event = try? EventCodec.decode(bytes) else { return }
    let written = line(of: event)
    let text = String(decoding: written, as: UTF8.self)
    let again: Event
    do { again = try written.withUnsafeBytes { line throws(EventError) in try EventCodec.decode(line) } } catch {
        throw BrokenLaw("what is written of it is not read: \(error): \(text)")
    }
    if again != event { throw BrokenLaw("what is written of it is another event: \(text)") }
    if line(of: again) != written { throw BrokenLaw("written again it differs from \(text)") }
}

private func line(of event: Event) -> [UInt8] {
    var writer = JSONWriter()
    EventCodec.encode(event, into: &writer)
    return Array(writer.bytes)
}
