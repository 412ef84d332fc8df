import Foundation
import LedgerClient

/// The programs as they were built beside the tests, and directories of their own.
enum Programs {
    /// The folder of the built programs: that of the test bundle itself.
    private static let folder: URL = {
        let own = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = Bundle.allBundles.map(\.bundleURL) + [Bundle.main.bundleURL, own]
        return beside.flatMap { [$0, $0.deletingLastPathComponent()] }
            .first { FileManager.default.isExecutableFile(atPath: $0.appending(path: "daybookd").path) }!
    }()

    static func path(_ name: String) -> URL { folder.appending(path: name) }

    /// Runs a program to its end and answers its status and what it printed, errors after the rest.
    static func run(_ program: URL, _ arguments: [String], in directory: URL? = nil) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        if let directory { process.currentDirectoryURL = directory }
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

/// A directory that goes with the test.
final class TemporaryDirectory: Sendable {
    let url: URL
    var path: String { url.path }

    init() throws {
        url = URL(filePath: NSTemporaryDirectory()).appending(path: "daybook-test-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// The real daemon as a process of its own.
final class RunningDaemon {
    private let process = Process()
    private let errors = Pipe()
    let socketPath: String

    /// Starts `daybookd serve`, with more arguments if there are any, and waits until it answers.
    init(data: String, arguments: [String] = []) throws {
        socketPath = "\(data)/daybook.sock"
        process.executableURL = Programs.path("daybookd")
        process.arguments = ["serve", "--data", data] + arguments
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        errors.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
        try process.run()
        try waitUntilItAnswers()
    }

    private func waitUntilItAnswers() throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while process.isRunning, ContinuousClock.now < deadline {
            if let connection = try? connect(), (try? connection.call("status")) != nil { return }
            usleep(5000)
        }
        throw DaemonDidNotStart(status: process.isRunning ? nil : process.terminationStatus)
    }

    /// A connection that does not come back by itself.
    func connect() throws -> LedgerConnection { try LedgerConnection(socketPath: socketPath, patience: .none) }

    /// kill -9: nothing is flushed, nothing is said.
    func killAtOnce() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// SIGTERM; answers the exit status.
    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    deinit {
        if process.isRunning { killAtOnce() }
    }
}

struct DaemonDidNotStart: Error {
    let status: Int32?
}
