import LedgerModel
import LedgerTestKit
import SegmentLog

/// How the daemon of a simulation ends, and begins again.
extension WholeSimulation {
    /// Chances between two bundles: a fault within the next operations, an end, a rotten bit, a copy that is damaged.
    mutating func perhapsFail() throws {
        if host.volume.plannedCount == 0 { planned = chances.plan(on: host.volume, rarity: 30, within: 60) }
        if chances.oneIn(40, .fullDisk) { fillOrClear() }
        if chances.oneIn(60, .restart) { try restart() }
        if chances.oneIn(120, .rot) { rot() }
        if chances.oneIn(50, .damage), rotten == nil {
            var random = chances.random(.damage)
            try DamageTrial(host, chronicle.events, daemon.log.head, older: older).run(&random)
            tally.damagedCopies += 1
        }
    }

    /// Others take all the space but a little, or give it back.
    private mutating func fillOrClear() {
        guard host.volume.capacity == nil else { return host.volume.capacity = nil }
        let used = host.volume.paths.reduce(0) { $0 + host.volume.contents($1)!.count }
        host.volume.capacity = used + chances.number(0..<16_384, .fullDisk)
    }

    /// What was planned last has happened.
    var hasFailed: Bool { planned != nil && host.volume.plannedCount == 0 }

    func isFull(_ error: LogError) -> Bool { error.code == .diskFull && host.volume.capacity != nil }

    // MARK: Ends

    /// The daemon is told to end, or killed while it does nothing.
    private mutating func restart() throws {
        tally.restarts += 1
        if chances.oneIn(2, .restart) {
            try stop()
            return try start(TurnReport(events: [], now: ledgerTime))
        }
        let report = TurnReport(events: [], now: ledgerTime, unanswered: clients.unanswered)
        try bury()
        try start(report)
    }

    mutating func stop() throws {
        unplan()
        try settle()
        try require(clients.unanswered.isEmpty, "the daemon ended without an answer to \(clients.unanswered)")
        try daemon.log.close()
        try mend()
        closeFollowers()
    }

    /// The log failed, as was planned.
    mutating func die(of error: LogError) throws {
        try require(hasFailed || isFull(error), "the log failed by itself: \(error)")
        count(hasFailed ? planned! : .fullDisk)
        var report = try report([], ledgerTime)
        report.unanswered = clients.unanswered
        try bury()
        try start(report)
    }

    private mutating func count(_ fault: SimulatedFault) {
        if fault == .crash { tally.crashes += 1 } else { tally.writeErrors += 1 }
    }

    /// The daemon is gone with all that it had in memory, and perhaps the machine.
    private mutating func bury() throws {
        closeFollowers()
        unplan()
        letters = []
        if chances.bury(host.volume) { tally.powerCuts += 1 }
        try mend()
    }

    private mutating func closeFollowers() {
        running = nil
        readModels?.close()
    }

    private mutating func unplan() {
        host.volume.unplan()
        planned = nil
    }

    // MARK: Starts

    /// Starts the daemon, again and again until it lives, for starting too may be cut off; and looks what the log says.
    mutating func start(_ report: TurnReport) throws {
        if chances.oneIn(4, .oldReadModel) { try readModels?.putBack() } else { try readModels?.keep() }
        while true {
            planned = chances.plan(on: host.volume, rarity: 6, within: 30)
            do {
                let (daemon, found) = try SimulatedDaemon.open(
                    host, watermarks: watermarks, mayCreate: chronicle.events.isEmpty)
                running = daemon
                return try resume(found, report)
            } catch let error as LogError {
                try require(hasFailed || isFull(error), "the start was refused, although nothing was damaged: \(error)")
                count(hasFailed ? planned! : .fullDisk)
                host.volume.capacity = nil
                unplan()
                if chances.bury(host.volume) { tally.powerCuts += 1 }
            }
        }
    }

    private mutating func resume(_ found: [Event], _ report: TurnReport) throws {
        unplan()
        var report = report
        report.events = try chronicle.news(in: found)
        clients.note(report.events)
        try chronicle.follow(report)
        try require(report.unanswered != nil || report.events.allSatisfy { $0.tenant == .system }, "events came from nowhere")
        clients.giveUp()
        try chronicle.compare(daemon.book, at: chronicle.shadow.lastAt)
        let verification = LogVerifier.verify(SimulatedHost.directory, volume: host.volume)
        guard case .sound = verification else { throw LawBroken("the log opens, but is not sound: \(verification)") }
        try readModels?.open(daemon.log.head)
    }

    // MARK: Rot

    /// A bit of a sealed segment changes; nobody has noticed yet.
    private mutating func rot() {
        var random = chances.random(.rot)
        guard rotten == nil, let path = host.volume.segments.dropLast().randomElement(using: &random) else { return }
        rotten = (path, Int.random(in: 0..<host.volume.contents(path)!.count * 8, using: &random))
        host.volume.flipBit(path, bit: rotten!.bit)
        tally.rottenBits += 1
    }

    /// A start must refuse a rotten log, and `verify` must say so. Then a good copy is put in its place.
    private mutating func mend() throws {
        guard let (path, bit) = rotten else { return }
        var copy = host
        copy.volume = host.volume.copy()
        copy.volume.capacity = nil
        if case .sound = LogVerifier.verify(SimulatedHost.directory, volume: copy.volume) {
            throw LawBroken("verify did not notice bit \(bit) of \(path)")
        }
        do {
            _ = try SimulatedDaemon.open(copy, watermarks: [], mayCreate: false)
            throw LawBroken("a start did not notice bit \(bit) of \(path)")
        } catch is LogError {}
        host.volume.flipBit(path, bit: bit)
        rotten = nil
    }
}
