import LedgerTestKit
import Testing

@testable import LedgerServer

/// Many clients spend from one account at once.
@Suite struct Races {
    private static let total: Int64 = 50_000
    private static let connections = 64
    private static let rounds = 1000

    @Test func sixtyFourConnectionsNeverOverspendAndNeverLoseAUnit() async throws {
        let ledger = try await WholeLedger(isFollowed: false)
        let client = try ledger.client()
        _ = await client.call("grant", #"{"tenant":"t","id":"g","account":"a","unit":"u","amount":\#(Races.total)}"#)
        let seed = UInt64.random(in: .min ... .max)
        print("race with seed \(seed)")
        let spenders = try (0..<Races.connections).map { number in
            Spender(number, try ledger.client(), SeededGenerator(seed: seed &+ UInt64(number)))
        }
        let tallies = await withTaskGroup(of: Tally.self) { group in
            for spender in spenders { group.addTask { await spender.run(Races.rounds) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let taken = tallies.map(\.taken).reduce(0, +)
        #expect(tallies.flatMap(\.surprises) == [])
        #expect(taken <= Races.total)
        #expect(tallies.map(\.refusals).reduce(0, +) > 0, "the account was never empty: nobody raced")
        let balance = await client.call("balance", #"{"tenant":"t","account":"a"}"#)
        #expect(
            balance.hasPrefix(#""result":{"balances":[{"unit":"u","available":\#(Races.total - taken),"held":0,"#), "\(balance)")
        await ledger.stop()
    }
}

/// What one client got.
private struct Tally: Sendable {
    var taken: Int64 = 0
    var refusals = 0
    /// Answers that no race explains.
    var surprises: [String] = []
}

/// One client: in each round it debits, or holds and ends the hold, or gives back what it debited.
private struct Spender: Sendable {
    private let number: Int
    private let client: SocketClient
    private let random: SeededGenerator

    init(_ number: Int, _ client: SocketClient, _ random: SeededGenerator) {
        self.number = number
        self.client = client
        self.random = random
    }

    /// Requests of one round, and what each takes from the account when it is accepted.
    private typealias Round = [(request: String, takes: Int64)]

    func run(_ rounds: Int) async -> Tally {
        var (tally, random) = (Tally(), random)
        var given: (id: String, amount: Int64)?
        for round in 0..<rounds {
            let id = "\(number)-\(round)"
            let requests = next(id, given, &random)
            await client.send(requests.map(\.request).joined())
            let answers = await client.lines(requests.count)
            for (request, answer) in zip(requests, answers) { tally.note(answer, request.takes) }
            given =
                requests.count == 1 && answers[0].contains(#""result""#) && requests[0].takes > 0 ? (id, requests[0].takes) : nil
        }
        return tally
    }

    private func next(_ id: String, _ given: (id: String, amount: Int64)?, _ random: inout SeededGenerator) -> Round {
        let amount = Int64.random(in: 1...20, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0 where given != nil:
            return [(Spender.request("refund", #""id":"\#(id)","of":"\#(given!.id)""#), -given!.amount)]
        case 0, 1: return hold(id, amount, "release", "", 0)
        case 2, 3, 4:
            let used = Int64.random(in: 0...amount, using: &random)
            return hold(id, amount, "settle", #","amount":\#(used)"#, used)
        default: return [(Spender.request("debit", #""id":"\#(id)",\#(Spender.ask(amount))"#), amount)]
        }
    }

    /// A hold and its end, sent together.
    private func hold(_ id: String, _ amount: Int64, _ end: String, _ fields: String, _ takes: Int64) -> Round {
        [
            (Spender.request("hold", #""id":"\#(id)",\#(Spender.ask(amount))"#), 0),
            (Spender.request(end, #""id":"\#(id)/end","hold":"\#(id)"\#(fields)"#), takes),
        ]
    }

    private static func ask(_ amount: Int64) -> String { #""account":"a","unit":"u","amount":\#(amount)"# }

    private static func request(_ method: String, _ fields: String) -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"tenant":"t",\#(fields)}}"# + "\n"
    }
}

extension Tally {
    mutating func note(_ answer: String, _ takes: Int64) {
        if answer.contains(#""result""#) {
            taken += takes
        } else if answer.contains(#""rejection":"insufficientBalance""#) || answer.contains(#""rejection":"holdNotFound""#) {
            refusals += 1
        } else {
            surprises.append(answer)
        }
    }
}
