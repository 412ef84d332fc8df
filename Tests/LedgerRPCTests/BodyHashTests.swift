import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct BodyHashes {
    /// Computed by a program that shares nothing with this one, from the form in docs/rpc.md.
    static let known: [(method: String, params: String, body: UInt64)] = [
        ("debit", #"{"tenant":"t","id":"i","account":"u-7","unit":"credits","amount":3}"#, 0x52aa_7662_3dc5_03b1),
        ("debit", fullCommands[3].params, 0x5192_9119_717e_ff2c),
        ("debit", fullCommands[4].params, 0x977b_f547_97c1_011a),
        ("grant", #"{"tenant":"t","id":"i","account":"u-7","unit":"credits","amount":1000}"#, 0x1df6_5c04_365d_0d16),
        ("adjust", fullCommands[2].params, 0x6d2c_1471_22c7_2337),
        ("refund", fullCommands[9].params, 0x5c9c_ad82_4182_d552),
        (
            "configure", #"{"tenant":"t","id":"i","changes":[{"key":"unit/usd","value":{"scale":6}}],"reason":"start"}"#,
            0x7e19_bedf_29e8_1d92
        ),
        (
            "debitBatch",
            #"{"tenant":"t","id":"i","account":"u-7","batch":"b","items":[{"id":"i-1","unit":"credits","amount":1}]}"#,
            0x19a2_7c3d_42ee_6544
        ),
    ]

    @Test(arguments: known) func isWhatItWas(_ method: String, _ params: String, _ body: UInt64) throws {
        #expect(try request(method, params).body == body)
    }

    @Test func theOrderOfFieldsAndDefaultsDoNotMatter() throws {
        let short = try request("grant", #"{"tenant":"t","id":"i","account":"u","unit":"c","amount":5}"#)
        let long = try request(
            "grant",
            #"{"source":"purchase","priority":20,"amount":5,"unit":"c","account":"u","id":"other","tenant":"else","actor":"ann"}"#
        )
        #expect(short.body == long.body)
    }

    /// Each change of one field is another command; no two of them are the same.
    @Test func everyFieldMatters() throws {
        let variants: [(String, [String])] = [
            (
                "openAccount",
                [
                    #""account":"b""#, #""account":"a","name":"n""#, #""account":"a","labels":{"l":"1"}"#,
                    #""account":"a","labels":{"l":"2"}"#, #""account":"a""#,
                ]
            ),
            (
                "grant",
                [
                    "", #","priority":1"#, #","effectiveAt":"2026-01-01T00:00:00Z""#, #","expiresAt":"2026-01-01T00:00:00Z""#,
                    #","source":"bonus""#, #","memo":"m""#,
                ].map { #""account":"a","unit":"c","amount":1"# + $0 }
                    + [
                        #""account":"b","unit":"c","amount":1"#, #""account":"a","unit":"d","amount":1"#,
                        #""account":"a","unit":"c","amount":2"#,
                    ]
            ),
            (
                "adjust",
                [
                    #""account":"a","unit":"c","amount":1,"reason":"r""#, #""account":"a","unit":"c","amount":-1,"reason":"r""#,
                    #""account":"a","unit":"c","amount":1,"reason":"s""#,
                ]
            ),
            (
                "debit",
                [
                    "", #","key":"k""#, #","batch":"k""#, #","labels":{"k":"v"}"#, #","labels":{"v":"k"}"#,
                    #","labels":{"a":"b","c":"d"}"#,
                    #","occurredAt":"2026-01-01T00:00:00Z""#, #","details":1"#, #","details":1.0"#, #","details":"1""#,
                ].map { #""account":"a","unit":"c","amount":1"# + $0 }
                    + [#""account":"a","feature":"c","quantities":{}"#, #""account":"a","feature":"c","quantities":{"q":1}"#]
            ),
            (
                "debitBatch",
                [
                    #""batch":"b","items":[{"id":"i","unit":"c","amount":1}]"#,
                    #""batch":"c","items":[{"id":"i","unit":"c","amount":1}]"#,
                    #""batch":"b","mode":"each","items":[{"id":"i","unit":"c","amount":1}]"#,
                    #""batch":"b","key":"k","items":[{"id":"i","unit":"c","amount":1}]"#,
                    #""batch":"b","items":[{"id":"j","unit":"c","amount":1}]"#,
                    #""batch":"b","items":[{"id":"i","unit":"c","amount":1},{"id":"j","unit":"c","amount":1}]"#,
                    #""batch":"b","items":[{"id":"j","unit":"c","amount":1},{"id":"i","unit":"c","amount":1}]"#,
                    #""batch":"b","items":[{"id":"i","unit":"c","amount":1,"details":{}}]"#,
                ].map { #""account":"a","# + $0 }
            ),
            (
                "openBatch",
                [#""batch":"b""#, #""batch":"b","feature":"f""#, #""batch":"b","size":1"#].map { #""account":"a","# + $0 }
            ),
            ("closeBatch", [#""account":"a","batch":"b""#, #""account":"b","batch":"a""#]),
            (
                "refund",
                [
                    #""of":"d""#, #""of":"e""#, #""of":"d","amount":0"#, #""of":"d","amount":1"#, #""of":"d","quantities":{}"#,
                    #""of":"d","reissue":{}"#, #""of":"d","reissue":{"expiresAt":"2026-01-01T00:00:00Z"}"#,
                    #""of":"d","reason":"r""#,
                ]
            ),
            (
                "configure",
                [
                    #"{"key":"unit/a","value":{"scale":1}}"#, #"{"key":"unit/a","value":{"scale":2}}"#,
                    #"{"key":"unit/a","value":null}"#,
                    #"{"key":"unit/b","value":{"scale":1}}"#, #"{"key":"unit/a","value":{"scale":1},"expectVersion":0}"#,
                    #"{"key":"price/a","value":{"charges":[{"unit":"c","rates":{"r":"1"}}]}}"#,
                    #"{"key":"price/a","value":{"charges":[{"unit":"c","rates":{"r":"1.0"}}]}}"#,
                    #"{"key":"price/a","value":{"charges":[{"unit":"c","rates":{"r":"1"}}],"minimum":0}}"#,
                    #"{"key":"price/a","value":{"charges":[{"unit":"c","rates":{"r":"1"}}],"enabled":false}}"#,
                    #"{"key":"alert/a","value":{"kind":"lowBalance","unit":"c","below":1}}"#,
                    #"{"key":"alert/a","value":{"kind":"lowBalance","unit":"c","below":1,"severity":"error"}}"#,
                    #"{"key":"tenant/settings","value":{}}"#, #"{"key":"tenant/settings","value":{"lateDays":1}}"#,
                    #"{"key":"tenant/settings","value":{"timeZone":"UTC"}}"#,
                ].map { #""reason":"r","changes":[\#($0)]"# } + [#""reason":"s","changes":[{"key":"unit/a","value":null}]"#]
            ),
            (
                "rollback",
                [
                    #""key":"unit/a","version":1,"reason":"r""#, #""key":"unit/b","version":1,"reason":"r""#,
                    #""key":"unit/a","version":2,"reason":"r""#,
                ]
            ),
            (
                "acknowledgeAlerts",
                [
                    #""alerts":[1],"as":"read""#, #""alerts":[2],"as":"read""#, #""alerts":[1,2],"as":"read""#,
                    #""alerts":[1],"as":"delivered""#,
                ]
            ),
        ]
        var bodies: Set<UInt64> = []
        for (method, fields) in variants {
            for fields in fields { bodies.insert(try request(method, #"{"tenant":"t","id":"i",\#(fields)}"#).body) }
        }
        #expect(bodies.count == variants.reduce(0) { $0 + $1.1.count })
        #expect(Set(variants.map(\.0)) == Set(CommandMethod.allCases.map(\.rawValue)))
    }
}
