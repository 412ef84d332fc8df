import Foundation
import LedgerClient

/// One system call that goes wrong: in each thread the nth of its name on the files of a data directory (strace counts by
/// thread).
struct CallFault: CustomStringConvertible, Sendable {
    enum Failure: String, Sendable { case EIO, ENOSPC, kill }

    let call: String
    let failure: Failure
    let number: Int

    var description: String { "\(call) number \(number): \(failure)" }

    fileprivate var injection: String {
        let what = failure == .kill ? "signal=KILL" : "error=\(failure.rawValue)"
        return "inject=\(call):\(what):when=\(number)"
    }
}

/// The real daemon under strace, which counts its system calls on the files of its data directory, or lets one go wrong.
final class TracedDaemon {
    private let process = Process()
    private let trace: URL
    let socketPath: String

    /// This machine lets a process be traced, and strace is there.
    static let isPossible = (try? Programs.run(strace, ["-o", "/dev/null", "/bin/true"]))?.status == 0
    private static let strace = URL(filePath: "/usr/bin/strace")

    /// Every call that touches the disk, under each of its names.
    private static let calls = """
        access,chmod,close,creat,fallocate,fchmod,fchmodat,fdatasync,flock,fsync,ftruncate,getdents64,link,linkat,lseek,\
        mkdir,mkdirat,newfstatat,openat,pread64,pwrite64,pwritev,read,rename,renameat,renameat2,\
        rmdir,statx,unlink,unlinkat,write
        """

    /// `paths` are the only files whose calls are looked at; all when there are none.
    init(data: String, trace: URL, paths: [String] = [], fault: CallFault? = nil) throws {
        self.trace = trace
        socketPath = "\(data)/daybook.sock"
        process.executableURL = Self.strace
        // -D: strace is the grandchild, and our child the daemon itself. -y: descriptors with their paths. Not --seccomp-bpf:
        // with it strace 6.1 sends no signal.
        process.arguments =
            ["-D", "-f", "-y", "-o", trace.path, "-e", "trace=\(Self.calls)"]
            + (fault.map { ["-e", $0.injection] } ?? []) + paths.flatMap { ["-P", $0] }
            + [Programs.path("daybookd").path, "serve", "--data", data]
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    /// A connection as soon as the daemon answers; nil when it ended instead.
    func connect() throws -> LedgerConnection? {
        let deadline = ContinuousClock.now + .seconds(120)
        while process.isRunning {
            if let connection = try? LedgerConnection(socketPath: socketPath, patience: .none),
                (try? connection.call("status")) != nil
            {
                return connection
            }
            if ContinuousClock.now > deadline { throw DaemonDidNotStart(status: nil) }
            usleep(5000)
        }
        return nil
    }

    /// SIGTERM, and then the trace: one line for each call.
    func stop() throws -> [Substring] {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        return try waitForTheTrace().split(separator: "\n")
    }

    /// strace is not our child: it has written all when it has told of the daemon's end.
    private func waitForTheTrace() throws -> String {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let text = String(decoding: (try? Data(contentsOf: trace)) ?? Data(), as: UTF8.self)
            if text.split(separator: "\n").contains(where: isTheEnd) { return text }
            usleep(2000)
        }
        throw TraceDidNotEnd()
    }

    /// `<process>  +++ exited with 0 +++`
    private func isTheEnd(_ line: Substring) -> Bool {
        line.hasPrefix("\(process.processIdentifier) ") && line.contains(" +++ ") && line.hasSuffix(" +++")
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}

struct TraceDidNotEnd: Error {}
