import LedgerClient
import Testing

@testable import daybook

/// What a past period would have been, for people.
@Suite struct WhatIfLayoutTests {
    private static let answer = """
        {"asOf":{"seq":4812,"at":null},"assumptions":1,"tenant":"acme","key":"price/chat","from":"2026-11-01","to":"2026-11-30",
        "accounts":2,"uses":1204,"notPriced":3,"notJudged":0,
        "units":[{"unit":"usd","actual":2500000,"proposed":3000000,"difference":500000,
        "beyondAllowance":{"actual":2500000,"proposed":3000000,"difference":500000}}],
        "features":[{"feature":null,"unit":"usd","uses":3,"actual":500000,"proposed":500000,"difference":0,"refused":0},
        {"feature":"chat","unit":"usd","uses":1201,"actual":2000000,"proposed":2500000,"difference":500000,"refused":2}],
        "refused":{"uses":2,"reasons":[{"rejection":"insufficientBalance","uses":2}]},
        "alerts":[{"unit":"usd","threshold":80,"actual":1,"proposed":2,"gained":2,"lost":1}],
        "mostAffected":[{"account":"u-7","unit":"usd","actual":100,"proposed":0,"difference":-100,
        "beyondAllowance":{"actual":40,"proposed":0,"difference":-40},"refused":2}],"read":{"uses":1300,"milliseconds":12}}
        """

    @Test func everythingIsSaid() throws {
        let answer = try JSONValue(parsing: Self.answer.replacing("\n", with: ""))
        let amounts = Amounts(documents: [["key": "unit/usd", "value": ["scale": 6]]])
        #expect(
            WhatIfWords.lines(answer, amounts) == [
                "price/chat from 2026-11-01 to 2026-11-30: 1,204 uses of 2 accounts",
                "", "units",
                "unit       was  would be  difference",
                "usd   2.500000  3.000000   +0.500000",
                "", "features",
                "feature      unit   uses       was  would be  difference  refused",
                "(by amount)  usd       3  0.500000  0.500000    0.000000",
                "chat         usd   1,201  2.000000  2.500000   +0.500000        2",
                "", "accounts most affected",
                "account  unit       was  would be  difference  beyond allowances  would be  refused",
                "u-7      usd   0.000100  0.000000   -0.000100           0.000040  0.000000        2",
                "", "2 uses would have been refused: insufficientBalance 2",
                "windows that reach 80 % of usd: 2 instead of 1 (2 more, 1 fewer)",
                "3 uses without quantities cost what they did",
                "as of seq 4,812, 1,300 uses read in 12 ms",
            ])
    }

    @Test func nothingIsSaidShortly() throws {
        let answer = try JSONValue(
            parsing:
                #"{"key":"plan/pro","from":"2026-11-01","to":"2026-11-01","accounts":0,"uses":0,"notPriced":0,"notJudged":1,"#
                + #""units":[],"features":[],"refused":{"uses":0,"reasons":[]},"alerts":[],"mostAffected":[],"#
                + #""asOf":{"seq":7},"read":{"uses":0,"milliseconds":0}}"#)
        #expect(
            WhatIfWords.lines(answer, .minor) == [
                "plan/pro from 2026-11-01 to 2026-11-01: 0 uses of 0 accounts", "", "no use would have been refused",
                "1 use was taken for paid: what there was is not known", "as of seq 7, 0 uses read in 0 ms",
            ])
    }
}
