import ArgumentParser
import Foundation
import LedgerEngine
import LedgerGenerator
import LedgerModel
import SegmentLog

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a ledger with a past, for tests and measurements.",
        discussion: """
            Writes a new data directory whose log is right in every respect, and the same, byte for byte, for the same options. Nearly \
            all events are of the tenant \(LedgerGenerator.busyTenant), whose accounts are used by Zipf's law (exponent \
            \(LedgerGenerator.zipfExponent)); a few small tenants do everything else that there is to do. No event tells of a crash, a \
            restore or another key, and the hashes of the commands are chance: a command sent again under its id is a conflict.

            The ledger's signing key follows from the seed: never use such a ledger for anything that counts. Nothing is synced: the \
            directory outlasts a power cut only when the system has written it out.
            """)

    @OptionGroup var data: DataOption

    @Option(help: ArgumentHelp("How many events; a few more to end the last group.", valueName: "n"))
    var events = 1_000_000

    @Option(help: ArgumentHelp("How many accounts the busy tenant has in the end.", valueName: "n"))
    var accounts = 100_000

    @Option(help: ArgumentHelp("What all chance comes from.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("How many small tenants there are.", valueName: "n"))
    var tenants = 4

    @Option(help: ArgumentHelp("Over how many days it all happens.", valueName: "n"))
    var days = 60

    @Option(help: ArgumentHelp("The ledger's time at the end (RFC 3339).", valueName: "instant"))
    var end = LedgerGenerator.Options.endDefault.description

    func validate() throws {
        guard (1...1_000_000_000).contains(events) else { throw ValidationError("--events must be 1 to 1,000,000,000") }
        guard (1...10_000_000).contains(accounts) else { throw ValidationError("--accounts must be 1 to 10,000,000") }
        guard accounts <= max(1, events / 8) else {
            throw ValidationError("--accounts must be at most an eighth of --events: to open one takes some events")
        }
        guard (0...1000).contains(tenants) else { throw ValidationError("--tenants must be 0 to 1,000") }
        guard (1...3650).contains(days) else { throw ValidationError("--days must be 1 to 3,650") }
        guard let end = Timestamp(rfc3339: end), end >= Timestamp(microseconds: 0).adding(days: Int64(days) + 366) else {
            throw ValidationError("--end must be an instant such as 2026-09-15T12:00:00Z, a year and --days after 1970 or later")
        }
    }

    func run() throws {
        let directory = data.directory
        if let contents = try? FileManager.default.contentsOfDirectory(atPath: directory), !contents.isEmpty {
            throw ValidationError("\(directory) is not empty: a ledger is made in a new directory")
        }
        var line = ProgressLine("generate")
        let ledger = GeneratedLedger(options)
        let last = try ledger.write(in: directory) {
            line.show($0.rawValue, of: UInt64(events), "\(grouped($0.rawValue)) events")
        }
        line.finish()
        print("\(directory): \(grouped(last.rawValue)) events")
    }

    private var options: LedgerGenerator.Options {
        LedgerGenerator.Options(
            eventCount: events, accountCount: accounts, seed: seed, smallTenantCount: tenants, dayCount: days,
            end: Timestamp(rfc3339: end)!)
    }
}

/// A data directory that a generator fills.
struct GeneratedLedger {
    let options: LedgerGenerator.Options

    init(_ options: LedgerGenerator.Options) { self.options = options }

    /// Writes the directory, which must not hold a ledger yet.
    func write(in directory: String, progress: (SequenceNumber) -> Void = { _ in }) throws -> SequenceNumber {
        let generator = LedgerGenerator(options, zones: .foundation)
        let bytes = LedgerGenerator.bytes(count: 48, seed: options.seed)
        let ledger = GeneratedLedger.identity(bytes.prefix(16))
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try writeKey(Data(bytes.suffix(32)), in: directory)
        let origin = Name("daybook/\(ledger)")!
        let opened = LedgerOpened(
            ledger: Name(ledger.description)!, origin: origin, key: try SigningKey(in: directory).verifierKey(of: origin))
        let (log, _) = try SegmentLog.open(
            directory, volume: SyncFreeVolume(), watermarks: [], creatingWith: { ledger }, now: generator.now)
        let last = try LogFilling(generator, into: log).run(opened, progress: progress)
        try log.close()
        return last
    }

    /// A UUID of version 4 from 16 bytes (RFC 9562, section 5.4).
    private static func identity(_ bytes: some Collection<UInt8>) -> LedgerID {
        var bytes = Array(bytes)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        return LedgerID(bytes: bytes)!
    }

    private func writeKey(_ seed: Data, in directory: String) throws {
        let contents = Data((seed.base64EncodedString() + "\n").utf8)
        let isMade = FileManager.default.createFile(
            atPath: "\(directory)/signing.key", contents: contents, attributes: [.posixPermissions: 0o600])
        if !isMade { throw ValidationError("\(directory)/signing.key cannot be written") }
    }
}
