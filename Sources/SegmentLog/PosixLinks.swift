import Glibc

extension PosixVolume {
    public func link(_ path: String, to newPath: String) throws(LogError) {
        if Glibc.link(path, newPath) == 0 { return }
        let (number, words) = (errno, String(cString: strerror(errno)))
        let isFull = number == ENOSPC || number == EDQUOT
        throw LogError(isFull ? .diskFull : .volumeFailed, "\(newPath): cannot link to \(path): \(words)")
    }
}
