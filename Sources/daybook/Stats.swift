import ArgumentParser
import LedgerClient

struct Stats: Verb {
    static let configuration = CommandConfiguration(
        abstract: "What was used, drawn as a chart: day by day, and shared out by feature, model, key or account.",
        discussion: """
            Amounts are net of refunds. Without days, the 30 days up to the newest event are shown.

            Examples:
              daybook stats acme
              daybook stats acme --by month --days 365
              daybook stats acme --account u-7 --share model --from 2026-11-01
            """)

    enum Step: String, ExpressibleByArgument, CaseIterable { case day, week, month }

    enum Share: String, ExpressibleByArgument, CaseIterable {
        case feature, model, platform, key, account

        /// The query that adds up by this.
        var query: String { "daily.\(rawValue)s" }
    }

    @Argument(help: "The tenant.") var tenant: String
    @Option(help: ArgumentHelp("Only this account.", valueName: "name"))
    var account: String?
    @Option(help: ArgumentHelp("Only this feature; may be given several times.", valueName: "name"))
    var feature: [String] = []
    @Option(help: ArgumentHelp("Only this unit.", valueName: "name"))
    var unit: String?
    @Option(help: "One bar for each of these.")
    var by = Step.day
    @Option(help: "What the shares are of.")
    var share = Share.feature
    @Option(help: ArgumentHelp("The first day, as reports count days: 2026-11-01.", valueName: "day"))
    var from: CivilDate?
    @Option(help: ArgumentHelp("The last day, included.", valueName: "day"))
    var to: CivilDate?
    @Option(help: ArgumentHelp("How many days up to the last one, without --from.", valueName: "n"))
    var days: Int64 = 30
    @OptionGroup(title: "Common options") var query: QueryOptions

    var wantsJSON: Bool { query.connection.json }

    func validate() throws {
        if !(1...3660).contains(days) { throw ValidationError("--days must be 1 to 3,660") }
        if let from, let to, from.days > to.days { throw ValidationError("--from must not lie behind --to") }
        if let from, let to, to.days - from.days > 3660 {
            throw ValidationError("--from and --to may be at most 3,660 days apart")
        }
        if share == .account, account != nil { throw ValidationError("--share account shares out what --account already picks") }
        if share == .account || share == .key, unit == nil { throw ValidationError("--share \(share.rawValue) needs --unit") }
    }

    func run() throws {
        let (first, last) = try days(query.connection.connect().call("status"))
        let scope: Params = ["tenant": tenant, "from": first, "to": last, "account": account, "unit": unit]
        let features: Params = ["features": feature.isEmpty ? nil : JSONValue.array(feature.map(JSONValue.string))]
        let trend = try query.ask("daily.trend", scope + features + ["by": by.rawValue, "limit": Int64(5000)])
        let shares = try query.ask(share.query, scope + features)
        let both = JSONValue.object([JSONValue.Member("trend", trend), JSONValue.Member("shares", shares)])
        query.connection.show(both) { _ in
            let chart = StatsChart(step: by, from: first, to: last, amounts: query.connection.amounts(of: tenant))
            return chart.lines(trend: trend["rows"]?.elements ?? [], shares: shares["rows"]?.elements ?? [], of: share.rawValue)
        }
    }

    /// The days asked for; up to the day of the newest event unless they are given.
    private func days(_ status: JSONValue) -> (CivilDate, CivilDate) {
        let newest = (status["head"]?["at"] ?? status["at"])?.string.flatMap { CivilDate(argument: String($0.prefix(10))) }
        let last = to ?? newest ?? CivilDate(days: 0)
        return (from ?? CivilDate(days: last.days - days + 1), last)
    }
}

/// A trend and shares, unit by unit, as bars for a terminal.
struct StatsChart {
    let step: Stats.Step
    let from: CivilDate
    let to: CivilDate
    let amounts: Amounts
    var barWidth = 40

    func lines(trend: [JSONValue], shares: [JSONValue], of share: String) -> [String] {
        let units = StatsChart.units(in: trend)
        if units.isEmpty { return ["nothing was used from \(from) to \(to)"] }
        return Array(units.map { lines($0, trend, shares, share) }.joined(separator: [""]))
    }

    private static func units(in rows: [JSONValue]) -> [String] {
        var units: [String] = []
        for unit in rows.compactMap({ $0["unit"]?.string }) where !units.contains(unit) { units.append(unit) }
        return units
    }

    private func lines(_ unit: String, _ trend: [JSONValue], _ shares: [JSONValue], _ share: String) -> [String] {
        let heading = Terminal.output.bold("\(Terminal.printable(unit)) by \(step.rawValue), \(from) to \(to), net of refunds")
        let ofUnit = trend.filter { $0["unit"]?.string == unit }
        return [heading] + bars(ofUnit, unit) + [Terminal.output.dim(summary(ofUnit, unit))]
            + shareLines(shares.filter { ($0["unit"]?.string ?? unit) == unit }, unit, share)
    }

    // MARK: The trend

    /// A bar for every day, week or month there is, also where nothing was used.
    private func bars(_ rows: [JSONValue], _ unit: String) -> [String] {
        let net = Dictionary(rows.compactMap { row in row["day"]?.string.map { ($0, row["net"]?.integer ?? 0) } }) { $0 + $1 }
        let greatest = net.values.max() ?? 0
        let cells = periods.map {
            [$0, Bar.text(net[$0] ?? 0, of: greatest, width: barWidth), amounts.number(net[$0] ?? 0, unit)]
        }
        let columns = [
            Table.Column(title: step.rawValue, alignment: .left), .init(title: "", alignment: .left),
            .init(title: "net", alignment: .right),
        ]
        return Table(columns: columns, rows: cells).lines()
    }

    /// The first day of each step between the two days, as the query names them.
    private var periods: [String] {
        var (periods, days) = ([String](), from.days)
        while days <= to.days {
            let start = start(of: CivilDate(days: days)).description
            if periods.last != start { periods.append(start) }
            days += 1
        }
        return periods
    }

    private func start(of date: CivilDate) -> CivilDate {
        switch step {
        case .day: date
        // 1970-01-01 was a Thursday, three days behind its Monday.
        case .week: CivilDate(days: date.days - (((date.days + 3) % 7) + 7) % 7)
        case .month: CivilDate(days: date.days - date.day + 1)
        }
    }

    private func summary(_ rows: [JSONValue], _ unit: String) -> String {
        let total = rows.reduce(Int64(0)) { $0.addingReportingOverflow($1["net"]?.integer ?? 0).partialValue }
        let uses = rows.reduce(Int64(0)) { $0 &+ ($1["count"]?.integer ?? 0) }
        return "total \(amounts.number(total, unit)) in \(grouped(uses)) uses"
    }

    // MARK: Shares

    /// The rows as the query shares them out, in hundredths of a percent of all there is, and what the rows leave over.
    private func shareLines(_ rows: [JSONValue], _ unit: String, _ share: String) -> [String] {
        if rows.isEmpty { return [] }
        let titles = [share, "", "share", "net", "uses"]
        let columns = titles.enumerated().map { Table.Column(title: $1, alignment: $0 < 2 ? .left : .right) }
        var cells = rows.map { row in
            let hundredths = row["share"]?.integer ?? 0
            return [
                Terminal.printable(row[share]?.string ?? "(none)"), Bar.text(hundredths, of: 10_000, width: barWidth / 2),
                StatsChart.percent(hundredths), amounts.number(row["net"]?.integer ?? 0, unit),
                grouped(row["count"]?.integer ?? 0),
            ]
        }
        let others = 10_000 - rows.reduce(0) { $0 + ($1["share"]?.integer ?? 0) }
        // A share is rounded: so many rows may leave that much over without anything being left out.
        if others > rows.count {
            cells.append(["(others)", Bar.text(others, of: 10_000, width: barWidth / 2), StatsChart.percent(others), "", ""])
        }
        return [""] + Table(columns: columns, rows: cells).lines()
    }

    /// `62.1 %` of 6,210 hundredths.
    private static func percent(_ hundredths: Int64) -> String {
        let tenths = (hundredths + (hundredths < 0 ? -5 : 5)) / 10
        return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10) %"
    }
}

/// A bar of block characters, an eighth of a cell exact; of `#` where the terminal's texts are not UTF-8.
enum Bar {
    static func text(_ value: Int64, of greatest: Int64, width: Int, isUTF8: Bool = usesUTF8) -> String {
        guard value > 0, greatest > 0 else { return "" }
        let eighths = max(1, Int((Double(value) / Double(greatest) * Double(width * 8)).rounded()))
        if !isUTF8 { return String(repeating: "#", count: max(1, eighths / 8)) }
        return String(repeating: "█", count: eighths / 8) + (eighths % 8 == 0 ? "" : ends[eighths % 8 - 1])
    }

    private static let ends = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// As POSIX says which variable holds (XBD section 8.2).
    private static let usesUTF8 =
        ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment($0) }.first { !$0.isEmpty }
        .map { $0.uppercased().hasSuffix("UTF-8") || $0.uppercased().hasSuffix("UTF8") } ?? false
}
