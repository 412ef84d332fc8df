import ArgumentParser
import ClientTestKit
import LedgerClient
import Testing

@testable import daybook

/// `daybook query`: any query, with its parameters as the daemon describes them.
@Suite struct QueryTests {
    private static let description = #"""
        {"methods":[{"name":"top.spenders","params":[{"name":"tenant","schema":{"type":"string"}},
        {"name":"hours","schema":{"type":"integer"}},{"name":"units","schema":{"type":"array"}}]}]}
        """#.replacing("\n", with: "")

    private func daemon() -> FakeDaemon {
        FakeDaemon(
            { peer in
                peer.line()
                peer.answer(1, QueryTests.description)
            },
            { peer in
                peer.line()
                peer.answer(1, #"{"head":{"seq":42}}"#)
                peer.line()
                peer.answer(2, #"{"asOf":{"seq":42,"at":null},"rows":[],"next":null}"#)
            })
    }

    @Test func parametersAreOfTheTypesThatTheMethodSays() throws {
        let daemon = daemon()
        try runDaybook("query top.spenders tenant=acme hours=6 units=usd units=ap colour=red --limit 5 --json", daemon.path)
        #expect(
            daemon.finish().flatMap { $0 } == [
                request(1, "rpc.discover", "{}"), request(1, "status", "{}"),
                request(
                    2, "top.spenders",
                    #"{"tenant":"acme","hours":6,"units":["usd","ap"],"colour":"red","limit":5,"minSeq":42}"#),
            ])
    }

    @Test(arguments: [
        ("hours=six", "hours is an integer, not \"six\"."), ("tenant=a tenant=b", "tenant is given twice, and is no list."),
    ])
    func whatIsNoValueIsSaidBeforeAsking(parameters: String, words: String) {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.answer(1, QueryTests.description)
        }
        let failure = #expect(throws: Failure.self) { try runDaybook("query top.spenders " + parameters, daemon.path) }
        #expect(failure?.message == words && failure?.status == .usage)
    }
}
