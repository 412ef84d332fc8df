import Foundation
import JSONText
import LedgerEngine
import LedgerModel
import Testing

@testable import LedgerServer

@Suite struct WholeLedgers {
    @Test func aSessionAsTheDocumentTellsIt() async throws {
        let ledger = try await WholeLedger()
        let client = try ledger.client()
        let at = #""at":"2026-03-01T00:00:00.000000Z""#
        #expect(
            await client.call("grant", #"{"tenant":"acme","id":"g-1","account":"u-7","unit":"credits","amount":1000}"#)
                == #""result":{"seq":3,\#(at),"replayed":false,"lot":3,"balance":{"available":1000,"held":0}}"#)
        #expect(
            await client.call("debit", #"{"tenant":"acme","id":"d-1","account":"u-7","unit":"credits","amount":30}"#)
                == #""result":{"seq":4,\#(at),"replayed":false,"parts":[{"unit":"credits","amount":30,"balance":{"available":970,"held":0}}]}"#
        )
        #expect(
            await client.call("debit", #"{"tenant":"acme","id":"d-1","account":"u-7","unit":"credits","amount":30}"#)
                == #""result":{"seq":4,\#(at),"replayed":true,"parts":[{"unit":"credits","amount":30,"balance":{"available":970,"held":0}}]}"#
        )
        #expect(
            await client.call("debit", #"{"tenant":"acme","id":"d-1","account":"u-7","unit":"credits","amount":31}"#)
                == #""error":{"code":-32011,"message":"the id belongs to another command, at sequence 4","data":{"seq":4}}"#)
        #expect(
            await client.call("debit", #"{"tenant":"acme","id":"d-2","account":"u-7","unit":"credits","amount":971}"#)
                == #""error":{"code":-32010,"message":"insufficient balance: 971 credits asked, 970 available","data":{"rejection":"insufficientBalance","number":260,"unit":"credits","asked":971,"available":970,"held":0}}"#
        )
        #expect(
            await client.call("refund", #"{"tenant":"acme","id":"r-1","of":"d-1","amount":10}"#)
                == #""result":{"seq":5,\#(at),"replayed":false,"of":"d-1","parts":[{"unit":"credits","amount":10,"expired":0,"balance":{"available":980,"held":0}}]}"#
        )
        #expect(
            await client.call("balance", #"{"tenant":"acme","account":"u-7"}"#)
                == #""result":{"balances":[{"unit":"credits","available":980,"held":0,"lots":[{"lot":3,"remaining":980,"priority":20,"source":"purchase"}]}]}"#
        )
        #expect(
            await client.call("balance", #"{"tenant":"acme","account":"nobody"}"#).hasPrefix(
                #""error":{"code":-32010,"message":"there is no account nobody""#))
        await ledger.stop()
    }

    @Test func readModelsAnswerWhatWasJustWritten() async throws {
        let ledger = try await WholeLedger()
        let client = try ledger.client()
        _ = await client.call("grant", #"{"tenant":"acme","id":"g-1","account":"u-7","unit":"credits","amount":1000}"#)
        let answer = await client.call("balances.account", #"{"tenant":"acme","account":"u-7","minSeq":3}"#)
        #expect(answer.hasPrefix(#""result":{"asOf":{"seq":3,"at":"2026-03-01T00:00:00.000000Z"},"rows":[{"#), "\(answer)")
        #expect(answer.contains(#""available":1000"#))
        await ledger.stop()
    }

    @Test func aBadQueryIsNamed() async throws {
        let ledger = try await WholeLedger()
        let client = try ledger.client()
        let missing = await client.call("balances.account", #"{"tenant":"acme"}"#)
        #expect(
            missing.hasPrefix(
                #""error":{"code":-32602,"message":"balances.account: account is missing; its fields are tenant, account"#),
            "\(missing)")
        let unknown = await client.call("balances.account", #"{"tenant":"acme","account":"a","colour":"red"}"#)
        #expect(
            unknown.hasPrefix(#""error":{"code":-32602,"message":"balances.account: colour is not a field here;"#), "\(unknown)")
        let wrong = await client.call("balances.account", #"{"tenant":7,"account":"a"}"#)
        #expect(
            wrong.hasPrefix(#""error":{"code":-32602,"message":"balances.account: tenant must be a text;"#), "\(wrong)")
        await ledger.stop()
    }

    @Test func statusSaysHowFarEverythingIs() async throws {
        let ledger = try await WholeLedger()
        let client = try ledger.client()
        let status = await client.call("status", "{}")
        #expect(status.hasPrefix(#""result":{"api":1,"ledger":"\#(ledger.engine.status.ledger)","head":{"seq":1,"#), "\(status)")
        #expect(status.contains(#"{"name":"balances","seq":"#))
        await ledger.stop()
    }
}
