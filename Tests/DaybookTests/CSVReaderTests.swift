import Testing

@testable import daybook

@Suite struct CSVReaderTests {
    @Test(
        arguments: [
            ("", []),
            ("\r\n\n", []),
            ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
            ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
            ("a,,\r\n,,b", [["a", "", ""], ["", "", "b"]]),
            ("a,", [["a", ""]]),
            (",", [["", ""]]),
            ("\"a\",\"b,c\"\r\n", [["a", "b,c"]]),
            ("\"say \"\"hi\"\"\",x", [["say \"hi\"", "x"]]),
            ("\"two\r\nlines\",x\ny,z", [["two\r\nlines", "x"], ["y", "z"]]),
            ("\"\",\"\"\"\"", [["", "\""]]),
            ("\u{feff}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a\n\n\nb\n", [["a"], ["b"]]),
            (" a , b \n", [[" a ", " b "]]),
            ("žluť,🐎\n", [["žluť", "🐎"]]),
        ] as [(String, [[String]])])
    func recordsAreRead(text: String, expected: [[String]]) throws {
        for size in [1, 2, 3, 1000] { #expect(try records(Array(text.utf8), chunks: size).map(\.fields) == expected) }
    }

    @Test(arguments: [
        ("a\"b\n", "line 1: a quote inside a field that does not begin with one"),
        ("x\n\"a\"b\n", "line 2: text after a closing quote"),
        ("x\ny\n\"a\n\n", "line 3: a quote that is opened here and never closed"),
        ("a\rb\n", "line 1: a carriage return without a line feed"),
        ("\r", "line 1: a carriage return without a line feed"),
        ("\"a\" ,b", "line 1: text after a closing quote"),
    ])
    func faultsAreNamedByLine(text: String, expected: String) {
        for size in [1, 2, 1000] {
            let fault = #expect(throws: CSVReader.Fault.self) { try records(Array(text.utf8), chunks: size) }
            #expect(fault?.description == expected)
        }
    }

    @Test(arguments: [[0xff], [UInt8(ascii: "a"), 0xc3], [0xef, 0xbb, UInt8(ascii: "a")]] as [[UInt8]])
    func bytesThatAreNotUTF8AreAFault(bytes: [UInt8]) {
        let fault = #expect(throws: CSVReader.Fault.self) { try records(bytes, chunks: 10) }
        #expect(fault == CSVReader.Fault(line: 1, reason: "a field that is not UTF-8"))
    }

    @Test func linesAreThoseOfTheFile() throws {
        let lines = try records(Array("h\r\n\"a\nb\"\r\n\nlast".utf8), chunks: 4).map(\.line)
        #expect(lines == [1, 2, 5])
    }

    @Test func anotherSeparatorLeavesCommasAlone() throws {
        var reader = CSVReader(separator: UInt8(ascii: ";"), nextChunk: chunks(Array("1,5;\"x;y\"\n".utf8), of: 100))
        #expect(try reader.next()?.fields == ["1,5", "x;y"])
    }

    @Test func anEndlessFieldIsRefused() {
        var reader = CSVReader { [UInt8](repeating: UInt8(ascii: "a"), count: 4096) }
        #expect(throws: CSVReader.Fault(line: 1, reason: "a field above 1048576 bytes")) { try reader.next() }
    }

    private func records(_ bytes: [UInt8], chunks size: Int) throws -> [CSVReader.Record] {
        var reader = CSVReader(nextChunk: chunks(bytes, of: size))
        var records: [CSVReader.Record] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    private func chunks(_ bytes: [UInt8], of size: Int) -> () -> [UInt8]? {
        var rest = bytes[...]
        return {
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
    }
}
