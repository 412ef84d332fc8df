import Foundation
import LedgerGenerator
import LedgerModel

/// What a program asks of the read models, over the socket, one question at a time.
///
/// Cold: before each question the system is told to drop what it keeps of the files of the read models (`posix_fadvise`), so that
/// all comes from the disk but what SQLite itself remembers of the questions before. Warm: after the files have been read through once,
/// so that the system has what it was made to forget.
struct ViewsQuestions {
    let path: String
    let views: String
    let accountCount: Int
    let now: Timestamp

    private static let coldCount = 25
    private static let warmCount = 1000

    private struct Question {
        let label: String
        let method: String
        /// The parameters but for the tenant, as JSON; of an account that is drawn each time.
        let params: (_ account: Name) -> String
    }

    func run() throws {
        var client = try BenchClient(path)
        var accounts = AccountsByUse(count: accountCount, seed: 2)
        print("\n" + BenchTable.line("question", "cold p50 µs", "cold max µs", "warm p50 µs", "warm p99 µs"))
        for question in try questions(&client) {
            var (cold, warm) = (Latencies(), Latencies())
            for _ in 0..<Self.coldCount {
                dropCaches()
                cold.add(try client.ask(request(question, accounts.next())))
            }
            try readFiles()
            for _ in 0..<Self.warmCount { warm.add(try client.ask(request(question, accounts.next()))) }
            print(
                BenchTable.line(
                    question.label, grouped(cold.percentile(0.5)), grouped(cold.percentile(1)), grouped(warm.percentile(0.5)),
                    grouped(warm.percentile(0.99))))
        }
        close(client.descriptor)
    }

    private func request(_ question: Question, _ account: Name) -> String {
        let params = question.params(account)
        return
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\(question.method)\",\"params\":{\"tenant\":\"\(LedgerGenerator.busyTenant)\""
            + "\(params.isEmpty ? "" : ",")\(params)}}\n"
    }

    private func questions(_ client: inout BenchClient) throws -> [Question] {
        let (today, before) = (Day(utc: now), Day(utc: now.adding(days: -29)))
        let month = "\"from\":\"\(before)\",\"to\":\"\(today)\""
        let lastDay = "\"from\":\"\(Day(utc: now.adding(days: -1)))\",\"to\":\"\(today)\""
        let cursor = try deepCursor(&client)
        return [
            Question(label: "balance, from the writer", method: "balance") { "\"account\":\"\($0)\"" },
            Question(label: "balances.account", method: "balances.account") { "\"account\":\"\($0)\"" },
            Question(label: "usage.history, first page", method: "usage.history") { "\"account\":\"\($0)\"" },
            Question(label: "usage.history, deep page", method: "usage.history") { "\"account\":\"\($0)\",\"cursor\":\(cursor)" },
            Question(label: "daily.trend, 30 days of the tenant", method: "daily.trend") { _ in month },
            Question(label: "daily.trend, 30 days of an account", method: "daily.trend") { "\"account\":\"\($0)\",\(month)" },
            Question(label: "allowances.overview", method: "allowances.overview") { _ in "" },
            Question(label: "daily.revenue, the last 24 hours", method: "daily.revenue") { _ in lastDay },
        ]
    }

    /// The place of a page that lies 20,000 lines back in the history of the account with most of them, or half of what there is:
    /// in every account's history it stands as far back in time.
    private func deepCursor(_ client: inout BenchClient) throws -> String {
        let busiest = AccountsByUse.name(rank: 0)
        var cursor = "null"
        for _ in 0..<20 {
            let question = Question(label: "", method: "usage.history") {
                "\"account\":\"\($0)\",\"limit\":1000,\"cursor\":\(cursor)"
            }
            _ = try client.ask(request(question, busiest))
            guard let next = Self.next(in: client.answer) else { break }
            cursor = next
        }
        return cursor
    }

    /// The field `next` of an answer, as it stands there; nil when it is null.
    private static func next(in answer: [UInt8]) -> String? {
        let answer = try? JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any]
        guard let next = (answer?["result"] as? [String: Any])?["next"] as? String,
            let text = try? JSONEncoder().encode(next)
        else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    private func dropCaches() {
        for path in files {
            let file = open(path, O_RDONLY)
            if file < 0 { continue }
            fsync(file)
            posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
            close(file)
        }
    }

    private func readFiles() throws {
        for path in files {
            guard let file = FileHandle(forReadingAtPath: path) else { continue }
            while let piece = try file.read(upToCount: 1 << 22), !piece.isEmpty {}
            try file.close()
        }
    }

    private var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: views)) ?? []).map { "\(views)/\($0)" } }
}
