import Foundation

/// What this process has used.
enum ProcessUsage {
    /// What all threads have taken of all processors: the figure to compare on a machine that others use too.
    static var processorTime: Duration {
        let times = [usage.ru_utime, usage.ru_stime]
        return times.reduce(.zero) { $0 + .seconds($1.tv_sec) + .microseconds($1.tv_usec) }
    }

    /// The most that this process ever held in memory.
    static var memoryByteCountMax: Int { usage.ru_maxrss * 1024 }

    /// Bytes of the files in a directory.
    ///
    /// - Parameter prefix: with which the names of the files begin.
    static func byteCount(in directory: String, prefix: String = "") -> Int {
        let manager = FileManager.default
        let names = (try? manager.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasPrefix(prefix) }.reduce(0) { sum, name in
            sum + ((try? manager.attributesOfItem(atPath: "\(directory)/\(name)")[.size] as? Int) ?? 0)
        }
    }

    private static var usage: rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    /// In seconds, to three places.
    var told: String { "\(Double(Int(inSeconds * 1000)) / 1000) s" }
}
