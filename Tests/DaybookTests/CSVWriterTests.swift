import Testing

@testable import daybook

@Suite struct CSVWriterTests {
    private func written(_ records: [[CSVWriter.Cell]]) -> String {
        var csv = CSVWriter()
        for record in records { csv.record(record) }
        return String(decoding: csv.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("plain", "plain"),
        ("", "\"\""),
        ("a,b", "\"a,b\""),
        ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("two\r\nlines", "\"two\r\nlines\""),
        ("žluť 🐎", "žluť 🐎"),
        ("a=b", "a=b"),
        ("'quoted", "''quoted"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "\"'\r=1\""),
        ("\n=1", "\"'\n=1\""),
        ("\r\n=1", "\"'\r\n=1\""),
        ("＝1", "'＝1"),
        ("=\"a,b\"", "\"'=\"\"a,b\"\"\""),
        ("=\u{301}1", "'=\u{301}1"),
    ])
    func textsAreQuotedAndNeverFormulas(text: String, expected: String) {
        #expect(written([[.text(text)]]) == expected + "\r\n")
    }

    @Test func numbersAndNothingStayAsTheyAre() {
        #expect(
            written([[.plain("-5"), .none, .plain("{\"a\":1}"), .text("")], [.none], [.none, .none]])
                == "-5,,\"{\"\"a\"\":1}\",\"\"\r\n\"\"\r\n,\r\n")
    }

    /// What is written is read again by the reader of imports.
    @Test func theReaderReadsItBack() throws {
        let texts = ["a", "", "b,c", "\"", "a\r\n", "\u{0}x", " x ", "é", "a'b", "\"\"", ",", "x\ny"]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let record = (0..<Int.random(in: 2...5, using: &random)).map { _ in texts.randomElement(using: &random)! }
            let bytes = Array(written([record.map { .text($0) }]).utf8)
            var isRead = false
            var reader = CSVReader(separator: UInt8(ascii: ",")) {
                defer { isRead = true }
                return isRead ? nil : bytes
            }
            #expect(try reader.next()?.fields == record)
        }
    }
}
