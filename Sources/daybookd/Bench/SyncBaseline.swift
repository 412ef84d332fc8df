import Glibc

/// How fast the disk alone is: what every figure stands beside.
struct SyncBaseline: CustomStringConvertible {
    let latencies: Latencies

    var description: String {
        "p50 \(grouped(latencies.percentile(0.5))) µs, p99 \(grouped(latencies.percentile(0.99))) µs, "
            + "\(grouped(1_000_000 / max(1, latencies.percentile(0.5))))/s"
    }

    /// Writes and syncs 1,000 blocks into a file of zeros.
    static func measure(in directory: String) throws -> SyncBaseline {
        var path = Array("\(directory)/daybook-sync-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        guard file >= 0 else { throw BenchError("no file can be made in \(directory)") }
        defer {
            close(file)
            unlink(path)
        }
        let block = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<1000 { _ = write(file, block, block.count) }
        fsync(file)
        let full = [UInt8](repeating: 0x5a, count: 4096)
        var latencies = Latencies()
        for index in 0..<1000 {
            let start = ContinuousClock.now
            pwrite(file, full, full.count, index * 4096)
            guard fdatasync(file) == 0 else { throw BenchError("fdatasync failed in \(directory)") }
            latencies.add(ContinuousClock.now - start)
        }
        return SyncBaseline(latencies: latencies)
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
