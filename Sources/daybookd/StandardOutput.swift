import ArgumentParser
import Glibc

/// Writes all bytes to standard output; complains and ends with a failure when they cannot be written.
func writeOut(_ bytes: UnsafeRawBufferPointer) throws {
    var written = 0
    while written < bytes.count {
        let count = Glibc.write(1, bytes.baseAddress! + written, bytes.count - written)
        if count < 0, errno == EINTR { continue }
        if count <= 0 {
            complain("daybookd: cannot write to standard output: \(String(cString: strerror(errno)))")
            throw ExitCode.failure
        }
        written += count
    }
}
