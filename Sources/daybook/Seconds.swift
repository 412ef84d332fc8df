import ArgumentParser

/// A length of time on the command line: `90`, `90s`, `15m`, `2h` or `1d`.
struct Seconds: ExpressibleByArgument, Hashable {
    let count: Int64

    init?(argument: String) {
        let unit = argument.last.flatMap { Seconds.units[$0] }
        guard let number = Int64(unit == nil ? argument : String(argument.dropLast())) else { return nil }
        let (count, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
        if overflow || number < 0 { return nil }
        self.count = count
    }

    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
}
