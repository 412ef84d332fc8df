/// Small files that are read and replaced as a whole.
extension Volume {
    /// Writes a file under a temporary name, syncs it, and gives it its name, durably: whoever reads it finds a whole one, the old or the
    /// new, whatever fails meanwhile.
    ///
    /// - Parameter directory: the one that the file is in.
    package func replace(
        _ path: String, in directory: String, writing: (any VolumeFile) throws(LogError) -> Void
    ) throws(LogError) {
        let newPath = path + ".new"
        if try exists(newPath) { try remove(newPath) }
        let file = try createFile(newPath)
        try writing(file)
        try file.sync()
        try rename(newPath, to: path)
        try syncDirectory(directory)
    }

    /// The same with bytes that are there.
    package func replace(_ path: String, in directory: String, with bytes: [UInt8]) throws(LogError) {
        try replace(path, in: directory) { file throws(LogError) in try file.write(bytes, at: 0) }
    }
}

extension VolumeFile {
    package func write(_ bytes: [UInt8], at offset: UInt64) throws(LogError) {
        try bytes.withUnsafeBufferPointer { bytes throws(LogError) in try write(UnsafeRawBufferPointer(bytes), at: offset) }
    }

    /// The first bytes of a file, all of them when it is not longer.
    package func contents(atMost bound: Int) throws(LogError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(min(UInt64(bound), try byteCount())))
        let count = try fill(&bytes, at: 0)
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// How many bytes were there.
    package func fill(_ bytes: inout [UInt8], at offset: UInt64) throws(LogError) -> Int {
        try bytes.withUnsafeMutableBufferPointer { bytes throws(LogError) in
            try read(into: UnsafeMutableRawBufferPointer(bytes), at: offset)
        }
    }
}
