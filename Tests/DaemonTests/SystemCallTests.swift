import Foundation
import LedgerClient
import LedgerModel
import SegmentLog
import Testing

/// Each system call of the daemon on its files fails once, or is its last. Whatever happens to that daemon, the next one opens
/// the ledger, every answered command is there exactly once, and every other can be sent again.
///
/// `DAYBOOK_ALL_FAULTS=1` tries every call; otherwise a few of each name, spread over the run.
@Suite struct SystemCallTests {
    @Test(.enabled(if: TracedDaemon.isPossible, "strace is missing, or may not trace here: no system call is made to fail"))
    func theLedgerSurvivesEverySystemCallThatFails() throws {
        let room = try TemporaryDirectory()
        let trials = try Beginning.allCases.flatMap { try faults(from: $0, in: room) }
        let tally = Tally()
        DispatchQueue.concurrentPerform(iterations: trials.count) { index in
            do {
                let failed = try trials[index].run(in: room.url.appending(path: "trial-\(index)"))
                tally.add(failed: failed)
            } catch {
                tally.add(failed: true, survived: false)
                Issue.record("\(trials[index]): \(error)")
            }
        }
        print("strace: \(tally.failed) calls failed, \(tally.survived) survived")
        #expect(tally.failed > trials.count / 2, "most calls that were to fail did not happen")
    }

    /// Counts the calls of a run in which nothing fails, and spreads the faults over them.
    private func faults(from beginning: Beginning, in room: TemporaryDirectory) throws -> [Trial] {
        let data = room.url.appending(path: "count-\(beginning)")
        try beginning.make(data)
        let daemon = try TracedDaemon(data: data.path, trace: room.url.appending(path: "count-\(beginning).trace"))
        _ = Conversation().answers(from: try #require(try daemon.connect()))
        let trace = try daemon.stop()
        return CallCensus.Files.allCases.flatMap { files in
            let census = CallCensus(trace, in: data.path, of: files)
            return census.faults.map { Trial(beginning: beginning, paths: census.paths, fault: $0) }
        }
    }
}

/// What a daemon finds when it starts.
private enum Beginning: CaseIterable {
    /// Nothing: it makes the ledger.
    case nothing
    /// A ledger whose last segment was being sealed when the power went: it is sealed again, and the next one made.
    case unfinishedSeal

    func make(_ data: URL) throws {
        guard self == .unfinishedSeal else { return }
        let daemon = try RunningDaemon(data: data.path)
        _ = Conversation(prefix: "before").answers(from: try daemon.connect())
        guard daemon.stop() == 0 else { throw Broken("the daemon did not end well") }
        try beginSeal(in: data)
    }

    /// Cuts the last segment behind its last batch and puts all of its seal but the checksum (docs/log-format.md, "Seal").
    private func beginSeal(in data: URL) throws {
        let head = try LogReader(data.path).head()
        var seal = Data()
        func put(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number.littleEndian) { seal.append(contentsOf: $0) } }
        put(0x184d_2a52 as UInt32)
        put(68 as UInt32)
        put(1 as UInt32)
        put(UInt32(head.lastSequence.rawValue - head.segment.rawValue + 1))
        put(head.lastSequence.rawValue)
        put(head.segment.rawValue)
        put(head.offset)
        seal.append(contentsOf: head.chain.bytes)
        let digits = String(head.segment.rawValue)
        let name = "log/" + String(repeating: "0", count: 20 - digits.count) + digits + ".lz4"
        let file = try FileHandle(forUpdating: data.appending(path: name))
        try file.truncate(atOffset: head.offset)
        try file.seekToEnd()
        try file.write(contentsOf: seal)
        try file.close()
    }
}

/// How often each call happened on which files, of a daemon in which nothing failed.
private struct CallCensus {
    enum Files: CaseIterable {
        case ledger
        /// Those of SQLite, which may be lost: fewer calls are tried.
        case readModels

        fileprivate var countMax: Int { self == .ledger ? 3 : 1 }
    }

    private let files: Files
    /// By their paths in the data directory.
    private(set) var paths: Set<String> = []
    /// The most that one thread did.
    private var counts: [String: Int] = [:]

    init(_ trace: [Substring], in data: String, of files: Files) {
        self.files = files
        var countsByThread: [String: Int] = [:]
        for line in trace {
            guard let begin = line.firstMatch(of: /^(\d+) +([a-z0-9_]+)\(/), let path = path(in: line, below: data) else {
                continue
            }
            paths.insert(path)
            countsByThread["\(begin.1) \(begin.2)", default: 0] += 1
            counts[String(begin.2)] = max(counts[String(begin.2)] ?? 0, countsByThread["\(begin.1) \(begin.2)"]!)
        }
    }

    /// The file that a call is about. Names that are made up anew in each run, and the socket, are left out.
    private func path(in line: Substring, below data: String) -> String? {
        guard let start = line.range(of: data) else { return nil }
        let path = String(line[start.upperBound...].prefix { !"\">".contains($0) })
        if !path.isEmpty && !path.hasPrefix("/") { return nil }
        if path.hasPrefix("/.") || path == "/daybook.sock" { return nil }
        return path.hasPrefix("/views/") == (files == .readModels) ? path : nil
    }

    var faults: [CallFault] {
        counts.sorted { $0.key < $1.key }.flatMap { call, count in
            Self.failures(of: call).flatMap { failure in
                spread(over: count).map { CallFault(call: call, failure: failure, number: $0) }
            }
        }
    }

    private static func failures(of call: String) -> [CallFault.Failure] {
        let needsRoom = [
            "ftruncate", "fallocate", "link", "linkat", "mkdir", "openat", "pwrite64", "rename", "renameat", "renameat2",
            "write",
        ]
        return [.EIO, .kill] + (needsRoom.contains(call) ? [.ENOSPC] : [])
    }

    private func spread(over count: Int) -> [Int] {
        let most = ProcessInfo.processInfo.environment["DAYBOOK_ALL_FAULTS"] == "1" ? count : files.countMax
        if count <= most { return Array(1...count) }
        if most == 1 { return [(count + 1) / 2] }
        return (0..<most).map { 1 + $0 * (count - 1) / (most - 1) }
    }
}

/// A daemon in which one call goes wrong, and those after it.
private struct Trial: CustomStringConvertible {
    let beginning: Beginning
    let paths: Set<String>
    let fault: CallFault

    var description: String { "\(beginning), \(fault)" }

    /// Answers whether the call happened and went wrong. Throws what was not as it must be.
    func run(in data: URL) throws -> Bool {
        defer { try? FileManager.default.removeItem(at: data) }
        try beginning.make(data)
        let trace = data.deletingPathExtension().appendingPathExtension("trace")
        defer { try? FileManager.default.removeItem(at: trace) }
        let traced = try TracedDaemon(data: data.path, trace: trace, paths: paths.map { data.path + $0 }, fault: fault)
        let conversation = Conversation()
        let answered = try traced.connect().map(conversation.answers) ?? [:]
        let calls = try traced.stop()
        try conversation.continueAndCheck(answered, in: data, after: beginning)
        return calls.contains { $0.contains("INJECTED") || fault.failure == .kill && $0.contains("killed by SIGKILL") }
    }
}

/// Some commands, and what is known of them.
private struct Conversation {
    var prefix = "c"

    private var calls: [(id: String, call: Call)] {
        let account: [JSONValue.Member] = [.init("tenant", "t"), .init("account", "a")]
        func command(_ number: Int, _ method: String, _ rest: JSONValue) -> (id: String, call: Call) {
            let id = "\(prefix)-\(number)"
            return (id, Call(method, .object([.init("id", .string(id))] + account + (rest.members ?? []))))
        }
        return [
            command(1, "grant", ["unit": "credits", "amount": 100]),
            command(2, "debit", ["unit": "credits", "amount": 5]),
            command(3, "hold", ["unit": "credits", "amount": 20]),
            command(4, "debit", ["unit": "credits", "amount": 7]),
        ]
    }

    /// Sends each command once, and answers the sequence numbers of those that were done. What ends the connection ends this.
    func answers(from connection: LedgerConnection) -> [String: Int64] {
        var answers: [String: Int64] = [:]
        for (id, call) in calls {
            guard let answer = try? connection.call(call.method, call.params), let sequence = answer["seq"]?.integer else {
                return answers
            }
            answers[id] = sequence
        }
        return answers
    }

    /// Starts a daemon in which nothing fails: it opens the ledger, knows every answered command by its number, takes the
    /// others, and the log is sound and has each once.
    func continueAndCheck(_ answered: [String: Int64], in data: URL, after beginning: Beginning) throws {
        let daemon = try RunningDaemon(data: data.path)
        let again = answers(from: try daemon.connect())
        if again.count != calls.count { throw Broken("only \(again.count) commands were done when sent again") }
        for (id, sequence) in answered where again[id] != sequence {
            throw Broken("\(id) was answered as \(sequence), and is now \(again[id] ?? 0)")
        }
        if daemon.stop() != 0 { throw Broken("the daemon did not end well") }
        try checkLog(in: data, after: beginning)
    }

    private func checkLog(in data: URL, after beginning: Beginning) throws {
        let daybookd = Programs.path("daybookd")
        let verified = try Programs.run(daybookd, ["verify", "--data", data.path])
        if verified.status != 0 { throw Broken("verify: \(verified.output)") }
        let lines = try Programs.run(daybookd, ["cat", "--data", data.path]).output.split(separator: "\n")
        let heads = try lines.map { try JSONValue(parsing: String($0)) }.filter { $0["events"] != nil }
        let counts = heads.reduce(into: [:]) { $0[$1["id"]?.string ?? "", default: 0] += 1 }
        let earlier = beginning == .unfinishedSeal ? Conversation(prefix: "before").calls : []
        for (id, _) in earlier + calls where counts[id] != 1 { throw Broken("\(id) is in the log \(counts[id] ?? 0) times") }
    }
}

private struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Counted from several threads.
private final class Tally: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var failed = 0
    private(set) var survived = 0

    func add(failed: Bool, survived: Bool = true) {
        lock.withLock {
            if failed { self.failed += 1 }
            if failed && survived { self.survived += 1 }
        }
    }
}
