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
        ("hold", fullCommands[13].params, 0x278a_55a0_05a9_6553),
        ("hold", fullCommands[14].params, 0x5ee9_d9bd_b7e4_c4ef),
        ("settle", fullCommands[15].params, 0xeffc_b24f_ee12_4d08),
        ("settle", fullCommands[16].params, 0x0267_ec4f_7c88_7782),
        ("release", fullCommands[17].params, 0xae0a_0368_8495_e6b9),
        ("extend", fullCommands[18].params, 0x2044_ab78_e9c4_fdb6),
        ("recordUsage", fullCommands[19].params, 0xd520_fb54_66d9_c724),
        ("freezeAccount", fullCommands[20].params, 0x43bd_9376_6730_2139),
        ("unfreezeAccount", fullCommands[21].params, 0x7fc1_e100_2e52_f292),
        ("closeAccount", fullCommands[22].params, 0x4cb0_43ff_9899_fd39),
        ("subscribe", fullCommands[23].params, 0x7f93_47bc_66ca_9a4f),
        ("changePlan", fullCommands[24].params, 0xbeff_34a8_f4c6_9b75),
        ("unsubscribe", fullCommands[25].params, 0x3e99_ab4a_d5cf_540d),
        ("overrideAllowance", fullCommands[26].params, 0x68b7_a3ae_3ec6_7463),
        ("overrideAllowance", fullCommands[27].params, 0xcdb7_de13_4f9d_5405),
        ("resetAllowance", fullCommands[28].params, 0xef78_3d6c_bfd5_bbd5),
        ("issueKeys", fullCommands[29].params, 0x5b02_57b6_1adf_c555),
        ("updateKeys", fullCommands[30].params, 0x1b25_779d_0afd_80d9),
        ("revokeKeys", fullCommands[31].params, 0x5ddd_b31e_11a3_2f04),
        ("reportUsage", fullCommands[32].params, 0xfac2_6990_1a97_f341),
        ("reportSync", fullCommands[33].params, 0xcc70_e62d_9c95_b56b),
        ("configure", fullCommands[34].params, 0x2593_e39e_149b_c6ee),
        ("submit", fullCommands[35].params, 0x073a_b39b_10f4_26e4),
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
                    #"{"key":"tenant/settings","value":{"defaultPlan":"UTC"}}"#,
                    #"{"key":"tenant/settings","value":{"holdSeconds":1}}"#,
                    #"{"key":"tenant/settings","value":{"maxOpenHolds":1}}"#,
                    #"{"key":"price/a","value":{"charges":[{"unit":"c","rates":{"r":"1"}},{"unit":"d","rates":{"r":"1"}}]}}"#,
                    #"{"key":"price/a","value":{"charges":[{"unit":"d","rates":{"r":"1"}},{"unit":"c","rates":{"r":"1"}}]}}"#,
                    #"{"key":"alert/a","value":{"kind":"lowBalance","unit":"c","below":1,"enabled":false}}"#,
                    #"{"key":"alert/a","value":{"kind":"allowanceUsed"}}"#,
                    #"{"key":"alert/a","value":{"kind":"allowanceUsed","unit":"c"}}"#,
                    #"{"key":"alert/a","value":{"kind":"allowanceUsed","thresholds":[1]}}"#,
                    #"{"key":"alert/a","value":{"kind":"allowanceUsed","severity":"info"}}"#,
                    #"{"key":"alert/a","value":{"kind":"allowanceUsed","enabled":false}}"#,
                    #"{"key":"alert/a","value":{"kind":"spend","unit":"c","above":1}}"#,
                    #"{"key":"alert/a","value":{"kind":"spend","unit":"c","above":1,"subject":"key"}}"#,
                    #"{"key":"alert/a","value":{"kind":"spend","unit":"c","above":1,"period":"day"}}"#,
                    #"{"key":"alert/a","value":{"kind":"keyExpiring"}}"#,
                    #"{"key":"alert/a","value":{"kind":"keyExpiring","days":[1]}}"#,
                    #"{"key":"alert/a","value":{"kind":"keyFaulty"}}"#,
                    #"{"key":"alert/a","value":{"kind":"holdAgeing","seconds":1}}"#,
                    #"{"key":"tag/a","value":{}}"#, #"{"key":"tag/a","value":{"colour":"c"}}"#,
                    #"{"key":"tag/a","value":{"note":"c"}}"#, #"{"key":"plan/a","value":{"allowances":[]}}"#,
                    #"{"key":"plan/a","value":{"name":"n","allowances":[]}}"#,
                    #"{"key":"plan/a","value":{"cycle":"n","allowances":[]}}"#,
                    #"{"key":"plan/a","value":{"price":{"unit":"n","amount":1},"allowances":[]}}"#,
                    #"{"key":"plan/a","value":{"enabled":false,"allowances":[]}}"#,
                    #"{"key":"plan/a","value":{"allowances":[{"unit":"c","amount":1,"period":"day"}]}}"#,
                    #"{"key":"plan/a","value":{"allowances":[{"unit":"c","amount":-1,"period":"day"}]}}"#,
                    #"{"key":"plan/a","value":{"allowances":[{"unit":"c","amount":1,"period":"month"}]}}"#,
                    #"{"key":"plan/a","value":{"allowances":[{"unit":"c","amount":1,"period":"day","priority":1}]}}"#,
                    #"{"key":"plan/a","value":{"allowances":[{"unit":"c","amount":1,"period":"day","rollover":1}]}}"#,
                    #"{"key":"plan/a","value":{"allowances":[{"unit":"c","amount":1,"period":"day","anchor":"subscription"}]}}"#,
                    #"{"key":"unit/a","cancel":true}"#,
                ].map { #""reason":"r","changes":[\#($0)]"# }
                    + ["", #","effectiveAt":"2027-01-01T00:00:00Z""#, #","dryRun":true"#].map {
                        #""reason":"s","changes":[{"key":"unit/a","value":null}]"# + $0
                    }
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
        let all = variants + moreVariants
        var bodies: Set<UInt64> = []
        for (method, fields) in all {
            for fields in fields { bodies.insert(try request(method, #"{"tenant":"t","id":"i",\#(fields)}"#).body) }
        }
        #expect(bodies.count == all.reduce(0) { $0 + $1.1.count })
        #expect(Set(all.map(\.0)) == Set(CommandMethod.allCases.map(\.rawValue)))
    }

    private let moreVariants: [(String, [String])] = [
        ("recordUsage", [#""account":"a","unit":"c","amount":1"#, #""account":"a","unit":"c","amount":1,"details":1"#]),
        (
            "hold",
            [
                "", #","key":"k""#, #","expiresInSeconds":1"#, #","onExpiry":"capture""#, #","overage":"cap""#,
                #","overage":{"allow":0}"#, #","overage":{"allow":1}"#,
            ].map { #""account":"a","unit":"c","amount":1"# + $0 }
        ),
        (
            "settle",
            [
                "", #","amount":0"#, #","amount":1"#, #","quantities":{}"#, #","method":"none""#, #","labels":{"a":"b"}"#,
                #","details":1"#,
            ].map { #""hold":"h""# + $0 } + [#""hold":"i""#]
        ),
        ("release", [#""hold":"h""#, #""hold":"i""#, #""hold":"h","reason":"r""#]),
        (
            "extend",
            [#""hold":"h","expiresInSeconds":1"#, #""hold":"i","expiresInSeconds":1"#, #""hold":"h","expiresInSeconds":2"#]
        ),
        ("freezeAccount", [#""account":"a","reason":"r""#, #""account":"b","reason":"r""#, #""account":"a","reason":"s""#]),
        ("unfreezeAccount", [#""account":"a","reason":"r""#]), ("closeAccount", [#""account":"a","reason":"r""#]),
        (
            "subscribe",
            [
                "", #","from":"2026-01-01T00:00:00Z""#, #","until":"2026-01-01T00:00:00Z""#, #","anchor":1"#, #","anchor":2"#,
            ].map { #""account":"a","plan":"p""# + $0 } + [#""account":"p","plan":"a""#]
        ),
        (
            "changePlan",
            [
                #""account":"a","from":"p","to":"q""#, #""account":"a","from":"q","to":"p""#,
                #""account":"a","from":"p","to":"q","when":"nextWindow""#,
            ]
        ),
        ("unsubscribe", [#""account":"a","plan":"p""#, #""account":"a","plan":"q""#]),
        (
            "overrideAllowance",
            [
                #""unit":"c","period":"day","amount":1"#, #""unit":"c","period":"day","amount":-1"#,
                #""unit":"c","period":"day","amount":null"#, #""unit":"c","period":"month","amount":1"#,
                #""unit":"d","period":"day","amount":1"#,
            ].map { #""account":"a","plan":"p","reason":"r","# + $0 }
        ),
        (
            "resetAllowance",
            [
                #""plan":"p","unit":"c","period":"day""#, #""plan":"p","unit":"c","period":"never""#,
                #""plan":"c","unit":"p","period":"day""#,
            ].map { #""account":"a","reason":"r","# + $0 }
        ),
        (
            "issueKeys",
            [
                "", #","platform":"x""#, #","owner":"x""#, #","name":"x""#, #","tags":["x"]"#, #","features":["x"]"#,
                #","expiresAt":"2026-01-01T00:00:00Z""#, #","limit":{"unit":"c","amount":1,"period":"day"}"#,
                #","limit":{"unit":"c","amount":1,"period":"month"}"#, #","maxOpenHolds":1"#,
            ].map { #""keys":[{"key":"k","hash":"\#(String(repeating: "0", count: 64))","account":"a"\#($0)}]"# }
                + [#""keys":[{"key":"k","hash":"\#(String(repeating: "1", count: 64))","account":"a"}]"#]
        ),
        (
            "updateKeys",
            [
                "", #","platform":"x""#, #","platform":null"#, #","owner":"x""#, #","owner":null"#, #","name":"x""#,
                #","name":null"#,
                #","tags":["x"]"#, #","tags":null"#, #","features":["x"]"#, #","features":[]"#,
                #","expiresAt":"2026-01-01T00:00:00Z""#, #","expiresAt":null"#, #","limit":null"#,
                #","limit":{"unit":"c","amount":1,"period":"day"}"#, #","maxOpenHolds":1"#, #","maxOpenHolds":null"#,
                #","status":"faulty""#, #","status":"active""#,
            ].map { #""keys":[{"key":"k"\#($0)}]"# }
        ),
        ("revokeKeys", [#""keys":["a","b"]"#, #""keys":["b","a"]"#, #""keys":["a"]"#, #""keys":["a"],"reason":"r""#]),
        (
            "reportUsage",
            [
                #""platform":"p","quantities":{},"cost":{"unit":"c","amount":1}"#,
                #""platform":"p","quantities":{"q":1},"cost":{"unit":"c","amount":1}"#,
                #""platform":"p","quantities":{},"cost":{"unit":"c","amount":2}"#,
                #""platform":"p","key":"k","quantities":{},"cost":{"unit":"c","amount":1}"#,
            ].map { #""from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z","# + $0 }
        ),
        (
            "reportSync",
            [
                #""status":"failed","counts":{}"#, #""status":"partial","counts":{}"#, #""status":"failed","counts":{"k":1}"#,
                #""status":"failed","counts":{},"error":"e""#,
            ].map { #""platform":"p","from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z","# + $0 }
        ),
        (
            "submit",
            [
                #"{"method":"release","params":{"id":"r","hold":"h"}}"#, #"{"method":"release","params":{"id":"s","hold":"h"}}"#,
                #"{"method":"release","params":{"id":"r","hold":"i"}}"#, #"{"method":"settle","params":{"id":"r","hold":"h"}}"#,
            ].map { #""commands":[\#($0)]"# }
        ),
    ]

    /// What came before a field was there has the hash that it had.
    @Test func additionsLeaveWhatWasAsItWas() throws {
        let low = #""key":"alert/a","value":{"kind":"lowBalance","unit":"c","below":1"#
        let bodies = try ["\(low)}", "\(low),\"severity\":\"warning\"}", "\(low),\"enabled\":true}"].map {
            try request("configure", #"{"tenant":"t","id":"i","reason":"r","dryRun":false,"changes":[{\#($0)}]}"#).body
        }
        #expect(Set(bodies).count == 1)
    }

    @Test func theTenantAndActorOfAnInnerCommandDoNotMatter() throws {
        let inner = { (more: String) in
            try request(
                "submit",
                #"{"tenant":"t","actor":"ann","id":"i","commands":[{"method":"release","params":{"id":"r",\#(more)"hold":"h"}}]}"#
            ).body
        }
        #expect(try inner("") == inner(#""tenant":"t","actor":"ann","#))
    }
}
