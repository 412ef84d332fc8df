import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct SubmitReading {
    @Test func innerCommandsAreReadAsIfSentAlone() throws {
        let hold = Command.hold(Hold(account: "u-7", ask: .amount(unit: "credits", 2)))
        let settle = Command.settle(Settle(hold: "h-3"))
        #expect(
            try fullCommand("submit")
                == .submit(
                    Submit(commands: [
                        .init(id: "h-3", body: hold.body, command: hold), .init(id: "s-3", body: settle.body, command: settle),
                    ])))
    }

    /// Every command but `submit` itself, as it stands alone.
    @Test func everyCommandMayStandInside() throws {
        for (method, params) in fullCommands where method != "submit" && !params.contains("dryRun") {
            let alone = try request(method, params)
            let outer = try request(
                "submit", #"{"tenant":"acme","actor":"ann","id":"o","commands":[{"method":"\#(method)","params":\#(params)}]}"#)
            guard case .submit(let submit) = outer.command else { throw NoCommand() }
            #expect(submit.commands == [.init(id: alone.id, body: alone.body, command: alone.command)])
        }
    }

    /// The mask that excuses an inner command from saying its tenant is a bit for the first field.
    @Test func theTenantIsEveryCommandsFirstField() {
        for method in CommandMethod.allCases { #expect(Shape.of(method).names.first == "tenant") }
    }

    static let refused: [(String, String)] = [
        (#"[]"#, "-32010 commands: must have at least one element"),
        (#"[7]"#, "-32602 submit: commands[0] must be an object; its fields are tenant, id, commands, actor"),
        (#"[{"method":"release"}]"#, "-32602 submit: commands[0].params is missing"),
        (#"[{"params":{}}]"#, "-32602 submit: commands[0].method is missing"),
        (#"[{"method":"balance","params":{}}]"#, "-32010 commands[0].method: must be a command; there is none balance"),
        (#"[{"method":7,"params":{}}]"#, "-32602 submit: commands[0].method must be a string"),
        (#"[{"method":"release","params":[]}]"#, "-32602 submit: commands[0].params must be an object"),
        (#"[{"method":"release","params":null}]"#, "-32602 submit: commands[0].params must be an object"),
        (#"[{"method":"release","params":{"hold":"h"}}]"#, "-32602 submit: commands[0].params.id is missing"),
        (#"[{"method":"release","params":{"id":"r"}}]"#, "-32602 submit: commands[0].params.hold is missing"),
        (
            #"[{"method":"release","params":{"id":"r","hold":"h"}},{"method":"grant","params":{"id":"g","amount":0}}]"#,
            "-32010 commands[1].params.amount: must be at least 1"
        ),
        (
            #"[{"method":"debitBatch","params":{"items":[{"id":"i","unit":"c","amount":-1}]}}]"#,
            "-32010 commands[0].params.items[0].amount: must be an integer from 0 to 2^53-1"
        ),
        (
            #"[{"method":"submit","params":{"id":"r","commands":[]}}]"#,
            "-32010 commands[0].method: must be another command than submit"
        ),
        (
            #"[{"method":"configure","params":{"id":"c","reason":"r","dryRun":true,"changes":[{"key":"unit/a","value":null}]}}]"#,
            "-32010 commands[0].params.dryRun: must not be true inside submit"
        ),
        (
            #"[{"method":"release","params":{"id":"r","hold":"h","tenant":"other"}}]"#,
            "-32010 commands[0].params.tenant: must be the tenant of the whole, or left out"
        ),
        (
            #"[{"method":"release","params":{"id":"r","hold":"h","actor":"ann"}}]"#,
            "-32010 commands[0].params.actor: must be the actor of the whole, or left out"
        ),
        (
            "[\((0..<1001).map { #"{"method":"release","params":{"id":"\#($0)","hold":"h"}}"# }.joined(separator: ","))]",
            "-32010 commands: must have at most 1000 elements"
        ),
    ]

    @Test(arguments: refused) func isRefused(_ commands: String, _ answer: String) {
        let told = refusal(line("submit", #"{"tenant":"a","id":"s","commands":\#(commands)}"#).utf8)
        #expect(told.hasPrefix(answer), "\(told)")
    }

    @Test func theTenantOfTheWholeMayComeBehindTheCommands() throws {
        let inner = #"[{"params":{"hold":"h","tenant":"a","id":"r"},"method":"release"}]"#
        #expect(try request("submit", #"{"commands":\#(inner),"id":"s","tenant":"a"}"#).tenant == "a")
        #expect(
            refusal(line("submit", #"{"commands":\#(inner),"id":"s","tenant":"b"}"#).utf8)
                == "-32010 commands[0].params.tenant: must be the tenant of the whole, or left out")
    }
}
