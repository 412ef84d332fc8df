import EventCodec
import JSONText
import LedgerModel
import Testing

@Suite("Documents as JSON")
struct DocumentTests {
    @Test(
        "what is left out is the default, and steps are sorted",
        arguments: [
            ("plan", #"{"allowances":[]}"#, #"{"allowances":[]}"#),
            (
                "plan",
                #"{"allowances":[{"period":"day","amount":-1,"unit":"c","anchor":"calendar","priority":10}],"enabled":true}"#,
                #"{"allowances":[{"unit":"c","amount":-1,"period":"day"}]}"#
            ),
            (
                "plan",
                #"{"name":"P","price":{"amount":0,"unit":"eur"},"cycle":"y","enabled":false,"allowances":["#
                    + #"{"unit":"c","amount":0,"period":"never","priority":-1,"rollover":0,"#
                    + #""anchor":"subscription"},{"unit":"c","amount":1,"period":"day"}]}"#,
                #"{"name":"P","price":{"unit":"eur","amount":0},"cycle":"y","enabled":false,"allowances":["#
                    + #"{"unit":"c","amount":0,"period":"never","priority":-1,"rollover":0,"#
                    + #""anchor":"subscription"},{"unit":"c","amount":1,"period":"day"}]}"#
            ),
            ("alert", #"{"kind":"allowanceUsed"}"#, #"{"kind":"allowanceUsed"}"#),
            ("alert", #"{"thresholds":[100,80,95],"kind":"allowanceUsed"}"#, #"{"kind":"allowanceUsed"}"#),
            (
                "alert", #"{"thresholds":[100,1],"unit":"c","kind":"allowanceUsed"}"#,
                #"{"kind":"allowanceUsed","unit":"c","thresholds":[1,100]}"#
            ),
            (
                "alert", #"{"kind":"lowBalance","unit":"c","below":1,"severity":"warning"}"#,
                #"{"kind":"lowBalance","unit":"c","below":1,"severity":"warning"}"#
            ),
            (
                "alert", #"{"kind":"spend","unit":"c","above":0,"subject":"account","period":"month"}"#,
                #"{"kind":"spend","unit":"c","above":0}"#
            ),
            (
                "alert", #"{"kind":"spend","unit":"c","above":9,"subject":"tag","period":"day","enabled":false}"#,
                #"{"kind":"spend","subject":"tag","unit":"c","period":"day","above":9,"enabled":false}"#
            ),
            ("alert", #"{"kind":"keyExpiring","days":[1,366]}"#, #"{"kind":"keyExpiring","days":[366,1]}"#),
            ("alert", #"{"kind":"keyExpiring","days":[1,3,7]}"#, #"{"kind":"keyExpiring"}"#),
            ("alert", #"{"kind":"keyFaulty"}"#, #"{"kind":"keyFaulty"}"#),
            ("alert", #"{"seconds":31622400,"kind":"holdAgeing"}"#, #"{"kind":"holdAgeing","seconds":31622400}"#),
            ("tag", "{}", "{}"), ("tag", #"{"note":"n","colour":"red"}"#, #"{"colour":"red","note":"n"}"#),
            (
                "tenant", #"{"maxOpenHolds":1,"holdSeconds":2678400,"defaultPlan":"p","lateDays":0,"timeZone":"UTC"}"#,
                #"{"timeZone":"UTC","lateDays":0,"defaultPlan":"p","holdSeconds":2678400,"maxOpenHolds":1}"#
            ),
            (
                "price", #"{"charges":[{"unit":"a","rates":{"r":"1"}},{"unit":"b","rates":{"r":"2"}}]}"#,
                #"{"charges":[{"unit":"a","rates":{"r":"1"}},{"unit":"b","rates":{"r":"2"}}]}"#
            ),
        ])
    func canonical(_ kind: String, _ sent: String, _ written: String) throws {
        let kind = try #require(DocumentKey.Kind(rawValue: kind))
        let document = try DocumentTests.read(kind, sent)
        #expect(DocumentTests.text(document) == written)
        #expect(try DocumentTests.read(kind, written) == document)
    }

    @Test(
        "what is not allowed is named",
        arguments: [
            ("plan", "{}", "allowances is missing"),
            ("plan", #"{"allowances":[],"trial":1}"#, "trial is not a field here"),
            ("plan", #"{"allowances":[],"name":""}"#, "name must be 1 to 1024 bytes of text"),
            ("plan", #"{"allowances":[],"price":{"unit":"e"}}"#, "price.amount is missing"),
            ("plan", #"{"allowances":[],"price":{"unit":"e","amount":-1}}"#, "price.amount must be an integer from 0 to 2^53-1"),
            ("plan", #"{"allowances":[],"price":7}"#, "price must be an object"),
            ("plan", #"{"allowances":[7]}"#, "allowances[0] must be an object"),
            ("plan", #"{"allowances":[{"unit":"c","amount":1}]}"#, "allowances[0].period is missing"),
            ("plan", #"{"allowances":[{"unit":"c","period":"day"}]}"#, "allowances[0].amount is missing"),
            (
                "plan", #"{"allowances":[{"unit":"c","amount":-2,"period":"day"}]}"#,
                "allowances[0].amount must be an integer from 0 to 2^53-1, or -1 for no limit"
            ),
            (
                "plan", #"{"allowances":[{"unit":"c","amount":1,"period":"week"}]}"#,
                "allowances[0].period must be one of day, month, never"
            ),
            (
                "plan", #"{"allowances":[{"unit":"c","amount":1,"period":"day","priority":1001}]}"#,
                "allowances[0].priority must be an integer from -1000 to 1000"
            ),
            (
                "plan", #"{"allowances":[{"unit":"c","amount":1,"period":"day"},{"unit":"c","amount":2,"period":"day"}]}"#,
                "allowances[1] has the unit and period of another allowance"
            ),
            ("alert", #"{"unit":"c","below":1}"#, "kind is missing"),
            (
                "alert", #"{"kind":"quota"}"#,
                "kind must be one of allowanceUsed, lowBalance, spend, keyExpiring, keyFaulty, holdAgeing"
            ),
            ("alert", #"{"below":1,"kind":"keyFaulty"}"#, "below is not a field of keyFaulty"),
            ("alert", #"{"kind":"lowBalance","unit":"c","days":[1]}"#, "days is not a field of lowBalance"),
            ("alert", #"{"kind":"lowBalance","unit":"c"}"#, "below is missing"),
            ("alert", #"{"kind":"lowBalance","unit":"c","below":0}"#, "below must be at least 1"),
            ("alert", #"{"kind":"spend","above":1}"#, "unit is missing"),
            ("alert", #"{"kind":"spend","unit":"c"}"#, "above is missing"),
            ("alert", #"{"kind":"holdAgeing"}"#, "seconds is missing"),
            ("alert", #"{"kind":"holdAgeing","seconds":0}"#, "seconds must be an integer from 1 to 31622400"),
            ("alert", #"{"kind":"keyExpiring","days":[]}"#, "days must have at least one element"),
            ("alert", #"{"kind":"keyExpiring","days":[3,3]}"#, "days must have each number once"),
            ("alert", #"{"kind":"keyExpiring","days":[367]}"#, "days[0] must be an integer from 1 to 366"),
            ("alert", #"{"kind":"allowanceUsed","thresholds":[50,101]}"#, "thresholds[1] must be an integer from 1 to 100"),
            (
                "alert", #"{"kind":"allowanceUsed","thresholds":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}"#,
                "thresholds must have at most 16 elements"
            ),
            ("alert", #"{"kind":"keyFaulty","severity":"loud"}"#, "severity must be one of info, warning, error"),
            ("alert", #"{"kind":"keyFaulty","loud":1}"#, "loud is not a field here"),
            ("alert", #"{"kind":"keyFaulty","kind":"keyFaulty"}"#, "kind stands there twice"),
            ("tag", #"{"note":""}"#, "note must be 1 to 1024 bytes of text"),
            ("tenant", #"{"holdSeconds":0}"#, "holdSeconds must be an integer from 1 to 2678400"),
            ("tenant", #"{"maxOpenHolds":1000001}"#, "maxOpenHolds must be an integer from 1 to 1000000"),
            ("price", #"{"charges":[]}"#, "charges must have at least one charge"),
            ("price", #"{"charges":[7]}"#, "charges[0] must be an object"),
            (
                "price", #"{"charges":[{"unit":"a","rates":{"r":"1"}},{"unit":"a","rates":{"r":"2"}}]}"#,
                "charges must have each unit once"
            ),
        ])
    func faults(_ kind: String, _ sent: String, _ expected: String) throws {
        let kind = try #require(DocumentKey.Kind(rawValue: kind))
        let error = #expect(throws: FieldError.self) { try DocumentTests.read(kind, sent) }
        switch error {
        case .shape(let field, let reason), .value(let field, let reason): #expect("\(field) \(reason)" == expected)
        default: Issue.record("\(String(describing: error))")
        }
    }

    private static func read(_ kind: DocumentKey.Kind, _ text: String) throws -> Document {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            return try reader.document(kind)
        }
    }

    private static func text(_ document: Document) -> String {
        var writer = JSONWriter()
        writer.document(document)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
