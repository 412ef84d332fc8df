import LedgerModel
import LedgerTestKit
import Testing

@testable import LedgerModel
@testable import ReadModels

/// Windows are those of the book while they are open, and what their meters told when they are over.
@Suite struct AllowancesTests {
    /// A window as the events tell it: independent of draws, for its meters say what is used.
    private struct Told {
        let tenant: Name
        let account: Name
        let unit: Name
        let first: SequenceNumber
        var plan: Name
        let period: Period
        let interval: Interval
        var limit: Amount?
        var used: Amount

        var percent: Int64? { limit.flatMap { $0 == .zero ? nil : used.rawValue * 100 / $0.rawValue } }
    }

    private func told(_ events: [Event]) -> [Told] {
        var (windows, places): ([Told], [SequenceNumber: Int]) = ([], [:])
        for event in events {
            if case .allowanceOpened(let fact) = event.fact {
                if let place = fact.replaces.flatMap({ places[$0] }) {
                    (windows[place].plan, windows[place].limit, windows[place].used) = (fact.plan, fact.limit, fact.used)
                    places[event.sequence] = place
                } else {
                    places[event.sequence] = windows.count
                    windows.append(
                        Told(
                            tenant: event.tenant, account: fact.account, unit: fact.part.unit, first: event.sequence,
                            plan: fact.plan, period: fact.period, interval: fact.window, limit: fact.limit, used: fact.used))
                }
            }
            for meter in event.fact.meters {
                if case .allowance(_, _, let lot) = meter.counter { windows[places[lot]!].used = meter.used }
            }
        }
        return windows
    }

    @Test func everyWindowCountsWhatItsMetersTold() async throws {
        let ledger = try BuiltInLedger()
        let windows = told(ledger.events)
        try await ledger.following("allowances") { ask in
            for tenant in EventLogGenerator.tenants {
                for account in EventLogGenerator.accounts {
                    let key: [String: QueryValue] = ["tenant": .init(tenant), "account": .init(account), "limit": 3]
                    let rows = try await ask("allowances.windows", key, ledger.now)
                    let its = windows.filter { $0.tenant == tenant && $0.account == account }.reversed()
                    #expect(rows.map { $0.integer("window") } == its.map { Int64($0.first.rawValue) })
                    #expect(rows.map { $0.text("plan") } == its.map(\.plan.text))
                    #expect(rows.map { $0.text("unit") } == its.map(\.unit.text))
                    #expect(rows.map { $0.text("startsAt") } == its.map(\.interval.start.description))
                    #expect(rows.map { $0.text("resetsAt") } == its.map(\.interval.end?.description))
                    #expect(rows.map { $0.optional("limit") } == its.map(\.limit?.rawValue))
                    #expect(rows.map { $0.integer("used") } == its.map(\.used.rawValue))
                    #expect(rows.map { $0.optional("percent") } == its.map(\.percent))
                    #expect(rows.map { $0.flag("unlimited") } == its.map { $0.limit == nil })
                }
            }
        }
        #expect(windows.count > 100 && windows.contains { $0.limit == nil } && windows.contains { $0.period == .never })
    }

    /// How much of the log is there.
    private static let counts = [300, 700, 1100, 1500, 1900, 2300, 2500]

    /// Open windows are those that the book has written and are open; of them the writer's `quota` says the same.
    @Test(arguments: counts)
    func openWindowsAreThoseOfTheBook(count: Int) async throws {
        let ledger = try BuiltInLedger(count: count)
        try await ledger.following("allowances") { ask in
            var sameCount = 0
            for hours in [0, 3, 24, 1000] as [Int64] {
                let now = Timestamp(microseconds: ledger.now.rawValue + hours * 3_600_000_000)
                for tenant in EventLogGenerator.tenants {
                    for account in EventLogGenerator.accounts {
                        let key: [String: QueryValue] = ["tenant": .init(tenant), "account": .init(account), "state": "open"]
                        let rows = try await ask("allowances.windows", key, now)
                        let written = written(ledger.book, tenant, account, at: now)
                        #expect(Set(rows.map(Open.init)) == Set(written), "\(account) of \(tenant)")
                        #expect(rows.count == written.count)
                        for quota in ledger.book.quota(of: account, in: tenant, at: now) ?? [] {
                            let open = Open(quota)
                            guard let row = rows.first(where: { Open($0).isSameWindow(as: open) }) else { continue }
                            #expect(Open(row) == open)
                            sameCount += 1
                        }
                    }
                }
            }
            #expect(sameCount > 5)
        }
    }

    /// What `quota` says of an open window.
    private struct Open: Hashable {
        let plan: String
        let version: Int64
        let unit: String
        let period: String
        let limit: Int64?
        let carried: Int64
        let used: Int64
        let held: Int64
        let startsAt: String
        let resetsAt: String?

        init(_ row: Row) {
            (plan, version) = (row.text("plan")!, row.integer("version"))
            (unit, period) = (row.text("unit")!, row.text("period")!)
            (limit, carried) = (row.optional("limit"), row.integer("carried"))
            (used, held) = (row.integer("used"), row.integer("held"))
            (startsAt, resetsAt) = (row.text("startsAt")!, row.text("resetsAt"))
        }

        init(_ quota: Quota) {
            (plan, version) = (quota.plan.text, Int64(quota.version))
            (unit, period) = (quota.unit.text, quota.period.rawValue)
            (limit, carried) = (quota.limit?.rawValue, quota.carried.rawValue)
            (used, held) = (quota.used.rawValue, quota.held.rawValue)
            (startsAt, resetsAt) = (quota.window.start.description, quota.window.end?.description)
        }

        func isSameWindow(as other: Open) -> Bool {
            (plan, unit, period, startsAt) == (other.plan, other.unit, other.period, other.startsAt)
        }
    }

    /// The windows that are open in what the book has been told, judged by time alone.
    private func written(_ book: Book, _ tenant: Name, _ account: Name, at now: Timestamp) -> [Open] {
        (book.tenant(tenant).accounts[account]?.purses ?? []).flatMap { purse in
            purse.windows.filter { purse.isOpen($0, at: now) }.map { window in
                Open(Quota(window, purse.unit, held: purse.lot(window.lot)?.held ?? .zero, isDefault: false))
            }
        }
    }

    // MARK: Many windows together

    /// What windows come to.
    private struct Level: Hashable {
        var windows: Int64 = 0
        var limit: Int64 = 0
        var used: Int64 = 0
        var at80: Int64 = 0
        var at95: Int64 = 0
        var at100: Int64 = 0

        static func by(_ rows: [Row]) -> [[String]: Level] {
            var levels: [[String]: Level] = [:]
            for row in rows { levels[key(row), default: Level()].add(row) }
            return levels
        }

        static func key(_ row: Row) -> [String] {
            [row.text("plan")!, row.text("unit")!, row.text("period")!, "\(row.flag("unlimited")!)"]
        }

        private mutating func add(_ window: Row) {
            let (limit, used) = (window.optional("limit") ?? 0, window.integer("used"))
            windows += 1
            self.limit += limit
            self.used += used
            if limit > 0, used * 100 >= limit * 80 { at80 += 1 }
            if limit > 0, used * 100 >= limit * 95 { at95 += 1 }
            if limit > 0, used >= limit { at100 += 1 }
        }

        init() {}

        /// As a query says it.
        init(_ row: Row) {
            (windows, limit, used) = (row.integer("windows"), row.optional("limit") ?? 0, row.integer("used"))
            (at80, at95, at100) = (row.integer("at80"), row.integer("at95"), row.integer("at100"))
        }
    }

    private func check(_ rows: [Row], _ windows: [Row]) {
        #expect(Dictionary(uniqueKeysWithValues: rows.map { (Level.key($0), Level($0)) }) == Level.by(windows))
        for row in rows {
            let (limit, used) = (row.optional("limit"), row.integer("used"))
            #expect(row.optional("percent") == limit.flatMap { $0 == 0 ? nil : used * 100 / $0 })
            #expect((limit == nil) == row.flag("unlimited"))
        }
    }

    /// At any instant, within an hour in which windows end with their subscriptions too.
    @Test(arguments: counts)
    func anOverviewIsTheSumOfTheOpenWindows(count: Int) async throws {
        let ledger = try BuiltInLedger(count: count)
        try await ledger.following("allowances") { ask in
            for minutes in [0, 1, 20, 45, 60, 90, 300, 1440, 50_000] as [Int64] {
                let now = Timestamp(microseconds: ledger.now.rawValue + minutes * 60_000_000)
                for tenant in EventLogGenerator.tenants {
                    let windows = try await windows(of: tenant, ["state": "open"], now, ask)
                    let rows = try await ask("allowances.overview", ["tenant": .init(tenant)], now)
                    check(rows, windows)
                    let some = try await ask(
                        "allowances.overview",
                        ["tenant": .init(tenant), "plans": .texts(["basic", "pro"]), "units": .texts(["credits"])], now)
                    check(some, windows.filter { $0.text("plan") != "free" && $0.text("unit") == "credits" })
                }
            }
        }
    }

    @Test func levelsAreSumsOfWindowsByTheirEnds() async throws {
        let ledger = try BuiltInLedger()
        try await ledger.following("allowances") { ask in
            for tenant in EventLogGenerator.tenants {
                let windows = try await windows(of: tenant, [:], ledger.now, ask).filter { $0.text("endsAt") != nil }
                let ever: [String: QueryValue] = [
                    "tenant": .init(tenant), "after": "1970-01-01T00:00:00Z", "through": "9999-12-31T00:00:00Z",
                ]
                check(try await ask("allowances.levels", ever, ledger.now), windows)
                let days = try await ask(
                    "allowances.levels",
                    ever.merging(["periods": .texts(["day"]), "units": .texts(["ap"]), "plans": .texts(["basic"])]) { $1 },
                    ledger.now)
                check(
                    days,
                    windows.filter { $0.text("period") == "day" && $0.text("unit") == "ap" && $0.text("plan") == "basic" })
                let natural = windows.filter { $0.text("endsAt") == $0.text("resetsAt") }
                let end = natural[natural.count / 2].text("endsAt")!
                let until = try await ask("allowances.levels", ever.merging(["through": .text(end)]) { $1 }, ledger.now)
                #expect(
                    until.reduce(0) { $0 + $1.integer("windows") } == windows.count { countedAt($0) <= Timestamp(rfc3339: end)! })
                #expect(windows.contains { $0.text("endsAt") != $0.text("resetsAt") })
            }
        }
    }

    /// A window that ends before its time is counted by the hour.
    private func countedAt(_ window: Row) -> Timestamp {
        let hour: Int64 = 3_600_000_000
        let end = Timestamp(rfc3339: window.text("endsAt")!)!
        let next = Timestamp(microseconds: (end.rawValue + hour - 1) / hour * hour)
        return min(next, window.text("resetsAt").flatMap { Timestamp(rfc3339: $0) } ?? next)
    }

    private func windows(
        of tenant: Name, _ filter: [String: QueryValue], _ now: Timestamp, _ ask: BuiltInLedger.Ask
    ) async throws -> [Row] {
        var windows: [Row] = []
        for account in EventLogGenerator.accounts {
            let key: [String: QueryValue] = ["tenant": .init(tenant), "account": .init(account), "limit": 1000]
            windows += try await ask("allowances.windows", key.merging(filter) { $1 }, now)
        }
        return windows
    }

    @Test func windowsAreFiltered() async throws {
        let ledger = try BuiltInLedger()
        try await ledger.following("allowances") { ask in
            let key: [String: QueryValue] = ["tenant": "acme", "account": "u-2"]
            let all = try await ask("allowances.windows", key, ledger.now)
            let filters: [(filter: [String: QueryValue], isWanted: (Row) -> Bool)] = [
                (["plans": .texts(["basic", "pro"])], { $0.text("plan") != "free" }),
                (["units": .texts(["credits"])], { $0.text("unit") == "credits" }),
                (["periods": .texts(["month", "never"])], { $0.text("period") != "day" }),
                (["state": "open"], { $0.text("endsAt") ?? "~" > ledger.now.description }),
                (["state": "ended"], { $0.text("endsAt") ?? "~" <= ledger.now.description }),
            ]
            for (filter, isWanted) in filters {
                let found = try await ask("allowances.windows", key.merging(filter) { $1 }, ledger.now)
                let wanted = all.filter(isWanted)
                #expect(found.map { $0.integer("window") } == wanted.map { $0.integer("window") } && wanted.count < all.count)
            }
            #expect(all.allSatisfy { ($0.text("state") == "open") == ($0.text("endsAt") ?? "~" > ledger.now.description) })
        }
    }

    // MARK: Forecasts

    /// What a debit at an hour leaves: 100 a month from the 1st, of which so many were used by then.
    @Test(
        arguments: [
            (used: 0, held: 0, at: "2026-11-11T00:00:00Z", usedUpAt: nil),
            (used: 30, held: 0, at: "2026-11-11T00:00:00Z", usedUpAt: nil),
            (used: 40, held: 0, at: "2026-11-11T00:00:00Z", usedUpAt: "2026-11-26T00:00:00.000000Z"),
            (used: 50, held: 25, at: "2026-11-11T00:00:00Z", usedUpAt: "2026-11-16T00:00:00.000000Z"),
            (used: 100, held: 0, at: "2026-11-11T00:00:00Z", usedUpAt: "2026-11-11T00:00:00.000000Z"),
            (used: 60, held: 40, at: "2026-11-11T00:00:00Z", usedUpAt: "2026-11-11T00:00:00.000000Z"),
        ] as [(used: Int64, held: Int64, at: String, usedUpAt: String?)])
    func anAllowanceEndsAtTheRateSoFar(_ given: (used: Int64, held: Int64, at: String, usedUpAt: String?)) async throws {
        let now = Timestamp(rfc3339: given.at)!
        let rows = try await forecast(given.used, given.held, subscribedAt: "2026-11-01T00:00:00Z", now)
        #expect(rows.count == 1 && rows[0].text("usedUpAt") == given.usedUpAt)
        #expect(rows[0].flag("lasts") == (given.usedUpAt == nil) && rows[0].integer("perDay") == given.used / 10)
    }

    /// Whoever has the plan since the 6th has used in five days what there is.
    @Test func theRateBeginsWithTheSubscription() async throws {
        let now = Timestamp(rfc3339: "2026-11-11T00:00:00Z")!
        let rows = try await forecast(40, 0, subscribedAt: "2026-11-06T00:00:00Z", now)
        #expect(
            rows[0].text("usedUpAt") == "2026-11-18T12:00:00.000000Z" && rows[0].text("since") == "2026-11-06T00:00:00.000000Z")
    }

    /// In its first instants as after 25 hours, a 24th of the 25 days to come.
    @Test(arguments: ["2026-11-06T00:00:00Z", "2026-11-06T00:00:11Z"]) func theFirstUsesMakeNoRate(at: String) async throws {
        let now = Timestamp(rfc3339: at)!
        let rows = try await forecast(40, 0, subscribedAt: "2026-11-06T00:00:00Z", now)
        let usedUpAt = Timestamp(microseconds: now.rawValue + 37_500 * 3_600_000)
        #expect(rows[0].text("usedUpAt") == "\(usedUpAt)" && rows[0].flag("lasts") == false && rows[0].integer("perDay") == 38)
    }

    private func forecast(_ used: Int64, _ held: Int64, subscribedAt: String, _ now: Timestamp) async throws -> [Row] {
        var memory = MemoryLedger()
        let start = Timestamp(rfc3339: subscribedAt)!
        let plan = PlanDocument(allowances: [AllowanceDocument(unit: "u", amount: .units(100), period: .month)])
        let change = Configure.Change(key: DocumentKey(.plan, "p"), document: .plan(plan))
        var commands: [Command] = [
            .configure(Configure(changes: [change], reason: "")), .subscribe(Subscribe(account: "a", plan: "p")),
            .hold(Hold(account: "a", ask: .amount(unit: "u", 1), expiresInSeconds: 86_400 * 20)),
            .release(Release(hold: "c-2")),
        ]
        if used > 0 { commands.append(.debit(Debit(account: "a", ask: .amount(unit: "u", Amount(rawValue: used)!)))) }
        if held > 0 {
            commands.append(
                .hold(Hold(account: "a", ask: .amount(unit: "u", Amount(rawValue: held)!), expiresInSeconds: 86_400 * 20)))
        }
        for (number, command) in commands.enumerated() {
            _ = try memory.send(Request(tenant: "t", id: Name("c-\(number)")!, body: 0, command: command), at: start)
        }
        let ledger = try Ledger()
        try ledger.append(memory.events)
        let readModels = try ledger.readModels(Projection.builtIn.filter { $0.name == "allowances" })
        readModels.start()
        let rows = try await readModels.rows(
            "allowances.forecast", ["tenant": "t", "account": "a"], at: memory.book.lastSequence, now: now)
        await readModels.stop()
        return rows
    }

    // MARK: Windows that end before their time

    /// Two accounts with a plan of 100 a month and 7 for ever, of which each has used 40 and 1, before one may end.
    private func following(
        _ subscribe: Subscribe, then end: Command?, at instant: Timestamp, stretch: Int = 10_000,
        body: (_ ask: BuiltInLedger.Ask) async throws -> Void
    ) async throws {
        let start = Timestamp(rfc3339: "2026-11-06T00:00:00Z")!
        let plan = PlanDocument(allowances: [
            AllowanceDocument(unit: "u", amount: .units(100), period: .month),
            AllowanceDocument(unit: "v", amount: .units(7), period: .never),
        ])
        let change = Configure.Change(key: DocumentKey(.plan, "p"), document: .plan(plan))
        var steps: [(at: Timestamp, command: Command)] = [
            .configure(Configure(changes: [change], reason: "")), .subscribe(subscribe),
            .subscribe(Subscribe(account: "other", plan: "p")),
            .debit(Debit(account: "a", ask: .amount(unit: "u", 40))), .debit(Debit(account: "a", ask: .amount(unit: "v", 1))),
            .debit(Debit(account: "other", ask: .amount(unit: "u", 40))),
            .debit(Debit(account: "other", ask: .amount(unit: "v", 1))),
        ].map { (start, $0) }
        if let end { steps.append((instant, end)) }
        var memory = MemoryLedger()
        let ledger = try Ledger()
        for (number, step) in steps.enumerated() {
            let known = memory.events.count
            _ = try memory.send(Request(tenant: "t", id: Name("c-\(number)")!, body: 0, command: step.command), at: step.at)
            try ledger.append(Array(memory.events[known...]))
        }
        var bounds = Ledger.patient
        bounds.stretchEventCount = stretch
        let readModels = try ledger.readModels(
            Projection.builtIn.filter { ["accounts", "allowances"].contains($0.name) }, bounds: bounds)
        readModels.start()
        let last = memory.book.lastSequence
        try await body { try await readModels.rows($0, $1, at: last, now: $2) }
        await readModels.stop()
    }

    /// What is open of `u` at an instant: how many windows, and what is used of them.
    private func open(at now: Timestamp, _ ask: BuiltInLedger.Ask) async throws -> [[Int64]] {
        try await ask("allowances.overview", ["tenant": "t", "units": .texts(["u"])], now).map {
            [$0.integer("windows"), $0.integer("used")]
        }
    }

    /// The same of those that end after an instant and through another.
    private func ended(_ after: String, _ through: String, _ ask: BuiltInLedger.Ask) async throws -> [[Int64]] {
        let between: [String: QueryValue] = [
            "tenant": "t", "units": .texts(["u"]), "after": .text(after), "through": .text(through),
        ]
        let now = Timestamp(rfc3339: "2026-12-01T00:00:00Z")!
        return try await ask("allowances.levels", between, now).map { [$0.integer("windows"), $0.integer("used")] }
    }

    /// An account that is closed has no quota any more: its windows end at that instant, those that would never end too.
    @Test(arguments: [1, 10_000])
    func aClosedAccountHasNoOpenWindows(stretch: Int) async throws {
        let instant = Timestamp(rfc3339: "2026-11-06T20:29:39Z")!
        let close = Command.closeAccount(ChangeAccountState(account: "a", reason: "left"))
        try await following(Subscribe(account: "a", plan: "p"), then: close, at: instant, stretch: stretch) { ask in
            let key: [String: QueryValue] = ["tenant": "t", "account": "a"]
            let rows = try await ask("allowances.windows", key, instant)
            #expect(rows.map { $0.text("state") } == ["ended", "ended"])
            #expect(rows.map { $0.text("endsAt") } == [instant.description, instant.description])
            #expect(rows.map { $0.text("resetsAt") } == [nil, "2026-12-01T00:00:00.000000Z"])
            let forecast = try await ask("allowances.forecast", key, instant)
            #expect(forecast.isEmpty)
            let other = try await ask("allowances.windows", ["tenant": "t", "account": "other"], instant)
            #expect(other.map { $0.text("state") } == ["open", "open"])
            for minutes in [0, 20, 40, 1000] as [Int64] {
                let now = Timestamp(microseconds: instant.rawValue + minutes * 60_000_000)
                let open = try await open(at: now, ask)
                #expect(open == [[1, 40]], "\(now)")
            }
            let ended = try await ended("2026-11-06T20:00:00Z", "2026-11-06T21:00:00Z", ask)
            #expect(ended == [[1, 40]])
            let stats = try await ask("accounts.stats", ["tenant": "t"], instant)
            #expect(
                stats.map { $0.text("name") } == ["closed", "open", "p"] && stats.map { $0.integer("accounts") } == [1, 1, 1])
        }
    }

    /// The end of a subscription counts within its hour, whether or not it was known before.
    @Test(arguments: [true, false])
    func anEndCountsWithinItsHour(isForeseen: Bool) async throws {
        let instant = Timestamp(rfc3339: "2026-11-06T20:29:39Z")!
        let subscribe = Subscribe(account: "a", plan: "p", until: isForeseen ? instant : nil)
        let end = isForeseen ? nil : Command.unsubscribe(Unsubscribe(account: "a", plan: "p"))
        try await following(subscribe, then: end, at: instant) { ask in
            let before = try await ended("2026-11-06T19:00:00Z", "2026-11-06T20:00:00Z", ask)
            let within = try await ended("2026-11-06T20:00:00Z", "2026-11-06T21:00:00Z", ask)
            let after = try await ended("2026-11-06T21:00:00Z", "2026-12-01T00:00:00Z", ask)
            #expect(before.isEmpty && within == [[1, 40]] && after == [[1, 40]])
            for now in [instant, Timestamp(rfc3339: "2026-11-06T20:59:59Z")!, Timestamp(rfc3339: "2026-11-06T21:00:00Z")!] {
                let open = try await open(at: now, ask)
                #expect(open == [[1, 40]], "\(now)")
            }
        }
    }

    /// Hours do not begin everywhere with those of UTC: a window is never counted behind its end by the calendar.
    @Test(
        arguments: [
            (endsAt: Int64.max, resetsAt: nil, countedAt: Int64.max), (endsAt: 5400, resetsAt: 5400, countedAt: 5400),
            (endsAt: 4000, resetsAt: 5400, countedAt: 5400), (endsAt: 4000, resetsAt: 9000, countedAt: 7200),
            (endsAt: 4000, resetsAt: nil, countedAt: 7200), (endsAt: 3600, resetsAt: 9000, countedAt: 3600),
        ] as [(endsAt: Int64, resetsAt: Int64?, countedAt: Int64)])
    func aWindowIsCountedByTheHour(_ given: (endsAt: Int64, resetsAt: Int64?, countedAt: Int64)) throws {
        func microseconds(_ seconds: Int64) -> Int64 { seconds == .max ? .max : seconds * 1_000_000 }
        let connection = try Connection("", .scratch)
        try connection.execute(allowances.schema)
        try connection.execute(
            """
            INSERT INTO windows VALUES (
                1, 't', 'a', 'u', 'p', 1, 'day', 0, \(given.resetsAt.map { "\(microseconds($0))" } ?? "NULL"),
                \(microseconds(given.endsAt)), 1, 5, 0, 0, 0, 1
            )
            """)
        let statement = try connection.statement("SELECT countedAt FROM windows")
        #expect(try statement.step())
        #expect(statement.integer(0) == microseconds(given.countedAt))
    }

    // MARK: What it costs

    private var allowances: Projection { Projection.builtIn.first { $0.name == "allowances" }! }

    /// What is asked of many windows reads their sums, and what is asked of one account its windows.
    @Test(arguments: [
        (
            "allowances.overview",
            ["levels USING PRIMARY KEY (tenant=? AND endsAt>?)", "windowsCut (tenant=? AND endsAt>? AND endsAt<?)"]
        ),
        ("allowances.levels", ["levels USING PRIMARY KEY (tenant=? AND endsAt>? AND endsAt<?)"]),
        ("allowances.windows", ["windowsOfAccount (tenant=? AND account=? AND rowid<?)"]),
        ("allowances.forecast", ["windowsByEnd (tenant=? AND account=? AND endsAt>?)"]),
    ])
    func nothingIsReadInVain(method: String, places: [String]) throws {
        let steps = try allowances.plan(method)
        for place in places { #expect(steps.contains { $0.contains(place) }, "\(steps)") }
        #expect(!steps.contains { $0.hasPrefix("SCAN windows") || $0.hasPrefix("SCAN levels") })
    }

    /// Limits of many accounts pass 2^63-1 together: they are told as that, and are exact again when they fall.
    @Test func sumsAreExactBeyondWhatIsTold() throws {
        let connection = try Connection("", .scratch)
        try connection.execute(allowances.schema)
        let level = "INSERT INTO levels VALUES ('t', 50, 'p', 'u', 'day', 0, 1"
        try connection.execute("\(level), 2147483647, 4294967295, 1073741824, 0, 0, 0, 0)")
        #expect(try overview(connection) == [.max, 4_611_686_018_427_387_904, 50])
        try connection.execute("UPDATE levels SET limitLower = limitLower + 1")
        #expect(try overview(connection) == [.max, 4_611_686_018_427_387_904, 50])
        try connection.execute("UPDATE levels SET limitUpper = 3, limitLower = 5, usedUpper = 1, usedLower = 4294967296")
        #expect(try overview(connection) == [3 * 4_294_967_296 + 5, 2 * 4_294_967_296, 66])
    }

    /// Limit, used and per cent.
    private func overview(_ connection: Connection) throws -> [Int64] {
        let query = try #require(allowances.query("allowances.overview"))
        let statement = try connection.statement(query.sql)
        for (name, value) in ["tenant": .text("t"), "now": .integer(10)] as [String: Statement.Value] {
            statement.bind(value, to: name)
        }
        #expect(try statement.step())
        return ["limit", "used", "percent"].map { statement.integer(statement.columnNames.firstIndex(of: $0)!) }
    }
}

extension Fact {
    /// The counters that the fact moved.
    fileprivate var meters: [Meter] {
        switch self {
        case .debited(let fact): fact.meters
        case .adjusted(let fact): fact.meters
        case .refunded(let fact): fact.meters
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.meters
        default: []
        }
    }
}
