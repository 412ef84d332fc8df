import Testing

@testable import JSONText

@Suite("JSON reader")
struct ReaderTests {
    @Test(
        "well-formed texts are passed over whole",
        arguments: [
            "null", "true", "false", "0", "-0", "-1.5e+10", "1e400", "1E-7", "[]", "{}", " [ ] ", "\t{\n}\r", "\"\"",
            #""\"\\\/\b\f\n\r\t""#,
            #""\u0000\uffff""#, #""\ud83d\ude00""#, #""\uD83D\uDE00""#,
            "\"\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\"",
            "[1,[2,{\"a\":[]}],\"x\"]", #"{"a":1,"b":{"a":2},"":3}"#, "12345678901234567890123", #"{"\u0061":1,"b":2}"#,
            "{\"\u{e9}\":1,\"e\u{301}\":2}",
        ])
    func wellFormed(_ text: String) throws {
        try read(text) { (reader) throws in
            try reader.rawValue()
            try reader.finish()
        }
    }

    @Test(
        "each fault has its code and its place",
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 3), ("nulL", .unexpectedByte, 3),
            ("tru", .unexpectedEnd, 3),
            ("True", .unexpectedByte, 0), ("falze", .unexpectedByte, 3), ("NaN", .unexpectedByte, 0), ("+1", .unexpectedByte, 0),
            ("-", .unexpectedEnd, 1), ("-a", .unexpectedByte, 1), ("01", .unexpectedByte, 1), ("-01", .unexpectedByte, 2),
            ("1.", .unexpectedEnd, 2),
            ("1.e1", .unexpectedByte, 2), (".5", .unexpectedByte, 0), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
            ("1e+a", .unexpectedByte, 3),
            ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("[1,]", .unexpectedByte, 3),
            ("[,1]", .unexpectedByte, 1),
            ("[1 2]", .unexpectedByte, 3), ("[1}", .unexpectedByte, 2), ("[}", .unexpectedByte, 1), ("]", .unexpectedByte, 0),
            ("{", .unexpectedEnd, 1),
            ("{1:2}", .unexpectedByte, 1), (#"{"a"}"#, .unexpectedByte, 4), (#"{"a":}"#, .unexpectedByte, 5),
            (#"{"a":1,}"#, .unexpectedByte, 7),
            (#"{"a":1"b":2}"#, .unexpectedByte, 6), (#"{"a":1]"#, .unexpectedByte, 6), ("{,}", .unexpectedByte, 1),
            (#"{"a":1,,"b":2}"#, .unexpectedByte, 7),
            (#"{"a" 1}"#, .unexpectedByte, 5), ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2),
            ("\"a\nb\"", .unexpectedByte, 2),
            ("\"\u{0}\"", .unexpectedByte, 1), ("\"\u{1f}\"", .unexpectedByte, 1), (#""\x""#, .unexpectedByte, 1),
            ("\"\\", .unexpectedEnd, 1),
            (#""\u12""#, .unexpectedByte, 5), (#""\u12"#, .unexpectedEnd, 5), (#""\u12g4""#, .unexpectedByte, 5),
            (#""\u 123""#, .unexpectedByte, 3),
            (#""\u+123""#, .unexpectedByte, 3), (#""\ud800""#, .invalidText, 1), (#""a\udc00""#, .invalidText, 2),
            (#""\ud800\ud800""#, .invalidText, 1),
            (#""\ud800\n""#, .invalidText, 1), (#""\ud800x""#, .invalidText, 1), (#""\ud800\u0041""#, .invalidText, 1),
            (#""\ud800\u00"#, .unexpectedEnd, 11),
            (#"{"a":1,"a":2}"#, .duplicateKey, 7), (#"{"a":1,"\u0061":2}"#, .duplicateKey, 7),
            (#"[{"b":{"a":1,"b":1,"a":2}}]"#, .duplicateKey, 19),
            ("1 2", .trailingBytes, 2), ("{} x", .trailingBytes, 3), ("[]]", .trailingBytes, 2), ("null\u{0}", .trailingBytes, 4),
            ("'a'", .unexpectedByte, 0), ("/* */1", .unexpectedByte, 0), ("\u{feff}1", .unexpectedByte, 0),
            ("Infinity", .unexpectedByte, 0),
        ] as [(String, JSONError.Code, Int)])
    func faults(_ text: String, _ code: JSONError.Code, _ offset: Int) throws {
        #expect(fault(text) == JSONError(code, offset))
    }

    @Test(
        "a string must be UTF-8: nothing overlong, no surrogates, nothing past U+10FFFF, nothing cut short",
        arguments: [
            [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xc2], [0xc2, 0x20], [0xe0, 0x80, 0x80], [0xe0, 0x9f, 0xbf],
            [0xe2, 0x82],
            [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf0, 0x80, 0x80, 0x80], [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80],
            [0xf5, 0x80, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xfe], [0xff], [0xe2, 0x28, 0xa1], [0xf0, 0x9f, 0x98],
        ] as [[UInt8]])
    func invalidUTF8(_ bytes: [UInt8]) {
        let quoted = [0x22] + bytes + [0x22]
        #expect(fault(quoted) == JSONError(.invalidText, 1))
        #expect(fault([0x7b] + quoted + [0x3a, 0x31, 0x7d]) == JSONError(.invalidText, 2))
        quoted.withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            #expect(throws: JSONError(.invalidText, 1)) { try reader.string() }
        }
    }

    @Test(
        "integers are exact to 64 bits",
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("9007199254740991", 1 << 53 - 1), ("9007199254740993", 1 << 53 + 1),
            ("9223372036854775807", .max), ("-9223372036854775808", .min), (" 12 ", 12),
        ] as [(String, Int64)])
    func integers(_ text: String, _ expected: Int64) throws {
        try read(text) { (reader) throws in
            #expect(try reader.integer() == expected)
            try reader.finish()
        }
    }

    @Test(
        "what is no integer is told apart from what does not fit",
        arguments: [
            ("9223372036854775808", .integerOutOfRange, 0), ("-9223372036854775809", .integerOutOfRange, 0),
            ("18446744073709551616", .integerOutOfRange, 0),
            ("99999999999999999999999999", .integerOutOfRange, 0), ("1.0", .notAnInteger, 0), ("1e2", .notAnInteger, 0),
            (" 1E400", .notAnInteger, 1),
            ("-0.0", .notAnInteger, 0), ("1.", .unexpectedEnd, 2), ("01", .unexpectedByte, 1), ("-", .unexpectedEnd, 1),
            ("\"1\"", .wrongType(expected: .number), 0), (" null", .wrongType(expected: .number), 1), ("@", .unexpectedByte, 0),
            ("", .unexpectedEnd, 0),
        ] as [(String, JSONError.Code, Int)])
    func notIntegers(_ text: String, _ code: JSONError.Code, _ offset: Int) throws {
        try read(text) { (reader) throws in #expect(throws: JSONError(code, offset)) { try reader.integer() } }
    }

    @Test("another type than was asked for is said so; no value at all is an unexpected byte")
    func wrongTypes() throws {
        try read("7") { (reader) throws in
            #expect(throws: JSONError(.wrongType(expected: .object), 0)) { try reader.beginObject() }
            #expect(throws: JSONError(.wrongType(expected: .array), 0)) { try reader.beginArray() }
            #expect(throws: JSONError(.wrongType(expected: .string), 0)) { try reader.string() }
            #expect(throws: JSONError(.wrongType(expected: .boolean), 0)) { try reader.boolean() }
            #expect(try !reader.null())
            #expect(try reader.peekType() == .number)
            #expect(try reader.integer() == 7)
        }
        try read(" @") { (reader) throws in
            #expect(throws: JSONError(.unexpectedByte, 1)) { try reader.beginObject() }
            #expect(throws: JSONError(.unexpectedByte, 1)) { try reader.beginArray() }
            #expect(throws: JSONError(.unexpectedByte, 1)) { try reader.string() }
            #expect(throws: JSONError(.unexpectedByte, 1)) { try reader.boolean() }
        }
    }

    @Test("64 levels may be nested, 65 not, skipped or walked")
    func depth() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ depth: Int) -> String {
                String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
            }
            #expect(fault(nested(64)) == nil)
            #expect(fault(nested(65)) == JSONError(.tooDeep, 64 * open.utf8.count))
            #expect(fault(nested(100_000)) == JSONError(.tooDeep, 64 * open.utf8.count))
        }
        try read(String(repeating: "[", count: 65)) { (reader) throws in
            for _ in 0..<64 {
                try reader.beginArray()
                #expect(try reader.nextElement())
            }
            #expect(throws: JSONError(.tooDeep, 64)) { try reader.beginArray() }
        }
        #expect(fault("[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]") == nil)
    }

    @Test("an object is walked key by key, in its order")
    func walking() throws {
        try read(#" { "a" : [ 1 , "\u00e9x" , true,false , null ] , "\u0062\n" : { } , "c":{"d":-5} } "#) { (reader) throws in
            try reader.beginObject()
            #expect(try reader.nextKey()?.text == "a")
            try reader.beginArray()
            #expect(try reader.nextElement())
            #expect(try reader.integer() == 1)
            #expect(try reader.nextElement())
            #expect(try reader.string() == "éx")
            #expect(try reader.nextElement())
            #expect(try reader.boolean())
            #expect(try reader.nextElement())
            #expect(try !reader.boolean())
            #expect(try reader.nextElement())
            #expect(try reader.null())
            #expect(try !reader.nextElement())
            #expect(try reader.nextKey()?.text == "b\n")
            try reader.beginObject()
            #expect(try reader.nextKey() == nil)
            let key = try #require(try reader.nextKey())
            #expect("c" ~= key && !("d" ~= key) && !("" ~= key) && !("cc" ~= key))
            #expect(String(decoding: try reader.rawValue(), as: UTF8.self) == #"{"d":-5}"#)
            #expect(try reader.nextKey() == nil)
            try reader.finish()
        }
    }

    @Test("an escaped key is the key it stands for, byte by byte")
    func escapedKeys() throws {
        // U+212A KELVIN SIGN is canonically equivalent to K; as a key it is another one.
        try read(#"{"\u004b":1,"\u212a":2,"K":3}"#) { (reader) throws in
            try reader.beginObject()
            var matches: [Bool] = []
            while let key = try reader.nextKey() {
                matches.append("K" ~= key)
                try reader.rawValue()
            }
            #expect(matches == [true, false, true])
        }
    }

    @Test("a key in a fixed order is taken only as it is written, and nothing is consumed otherwise")
    func takeKey() throws {
        try read(#"{"a":1,"bc":"x","d": 2 ,"e":3}"#) { (reader) throws in
            try reader.beginObject()
            #expect(!reader.takeKey("b") && !reader.takeKey("aa") && !reader.takeKey(""))
            #expect(reader.takeKey("a") == true)
            #expect(try reader.integer() == 1)
            #expect(!reader.takeKey("b") && !reader.takeKey("bcd") && reader.takeKey("bc"))
            #expect(try reader.token().text == "x")
            #expect(reader.takeKey("d") == true)
            #expect(try reader.integer() == 2)
            #expect(reader.takeKey("e") == false)
            #expect(try reader.nextKey()?.text == "e")
            #expect(try reader.integer() == 3)
            #expect(reader.takeKey("e") == false)
            #expect(try reader.nextKey() == nil)
            try reader.finish()
        }
        for text in [#"{"a"#, #"{"a""#, "{", #"{"a",1}"#, #"{ "a":1}"#, #"{"\u0061":1}"#, #"{"a" :1}"#] {
            try read(text) { (reader) throws in
                try reader.beginObject()
                #expect(!reader.takeKey("a") && reader.offset == 1)
            }
        }
    }

    @Test("a token is a string that is not made: the same text and the same errors")
    func token() throws {
        for (text, expected) in [(#""""#, ""), (#""ab""#, "ab"), (#""\u0061\n""#, "a\n"), ("\"é\"", "é")] {
            try read(text) { (reader) throws in #expect(try reader.token().text == expected) }
        }
        for text in ["7", "@", "", "\"", "\"\n\"", #""\ud800""#] {
            func error(_ read: (inout JSONReader) throws(JSONError) -> Void) -> JSONError? {
                Array(text.utf8).withUnsafeBytes { bytes in
                    var reader = JSONReader(bytes)
                    do throws(JSONError) { try read(&reader) } catch { return error }
                    return nil
                }
            }
            let expected = error { (reader) throws(JSONError) in _ = try reader.string() }
            #expect(expected != nil && error { (reader) throws(JSONError) in _ = try reader.token() } == expected)
        }
    }

    @Test("a key that comes twice is noticed by the caller's mask")
    func seenKeys() throws {
        try read(#"{"a":1,"b":2,"a":3}"#) { (reader) throws in
            var seen = SeenKeys()
            try reader.beginObject()
            for bit in [0, 63] {
                #expect(!seen.contains(bit))
                try seen.insert(bit, at: try #require(try reader.nextKey()))
                #expect(seen.contains(bit))
                try reader.rawValue()
            }
            let key = try #require(try reader.nextKey())
            #expect(throws: JSONError(.duplicateKey, 13)) { try seen.insert(0, at: key) }
        }
    }

    @Test("every error says what and where")
    func descriptions() {
        #expect(JSONError(.trailingBytes, 5).description == "bytes after the end of the value at byte 5")
        #expect(JSONError(.wrongType(expected: .array), 0).description == "expected array at byte 0")
        #expect(JSONError(.tooDeep, 1).description == "nested deeper than 64 at byte 1")
    }
}

extension JSONError {
    init(_ code: Code, _ offset: Int) { self.init(code: code, offset: offset) }
}

func read(_ text: String, _ body: (inout JSONReader) throws -> Void) throws {
    var text = text
    try text.withUTF8 { bytes in
        var reader = JSONReader(UnsafeRawBufferPointer(bytes))
        try body(&reader)
    }
}

/// What is wrong with a text as a whole; nil when nothing is.
func fault(_ text: String) -> JSONError? { fault(Array(text.utf8)) }

func fault(_ bytes: [UInt8]) -> JSONError? {
    bytes.withUnsafeBytes { bytes in
        var reader = JSONReader(bytes)
        do throws(JSONError) {
            try reader.rawValue()
            try reader.finish()
            return nil
        } catch { return error }
    }
}
