import JSONText
import Testing

@Suite("JSON writer")
struct WriterTests {
    @Test("what is written is what RFC 8259 calls for, with the commas in their places")
    func structure() {
        var writer = JSONWriter(capacity: 1)
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.endArray()
        writer.key("b\n")
        writer.beginArray()
        writer.integer(1)
        writer.boolean(true)
        writer.boolean(false)
        writer.null()
        writer.string("x")
        writer.beginObject()
        writer.endObject()
        writer.beginObject()
        writer.key("c")
        writer.raw("{ }")
        writer.endObject()
        writer.quoted { $0.digits(7, width: 3) }
        writer.endArray()
        writer.endObject()
        writer.endLine()
        writer.beginArray()
        writer.endArray()
        writer.endLine()
        #expect(writer.text == #"{"a":[],"b\n":[1,true,false,null,"x",{},{"c":{ }},"007"]}"# + "\n[]\n")
    }

    @Test("every character comes back as it was, and only what must be is escaped")
    func strings() throws {
        for scalar in (0...0x2ff).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{fffe}", "\u{1F600}", "\u{10ffff}"] {
            let text = "a\(Character(scalar))b"
            var writer = JSONWriter()
            writer.string(text)
            let isEscaped = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            #expect(writer.text.contains("\\") == isEscaped)
            try read(writer.text) { (reader) throws in #expect(Array(try reader.string().utf8) == Array(text.utf8)) }
        }
        var writer = JSONWriter()
        writer.string("\u{0}\u{1f}\u{8}\t\n\u{c}\r\"\\/")
        #expect(writer.text == #""\u0000\u001f\b\t\n\f\r\"\\/""#)
    }

    @Test("every number of digits is right")
    func integers() {
        var values: [Int64] = [0, 1, 9, .max, .min, .max - 1]
        var power: Int64 = 1
        for _ in 0..<18 {
            power *= 10
            values += [power - 1, power, power + 1, -power, 1 - power]
        }
        for value in values {
            var writer = JSONWriter(capacity: 1)
            writer.integer(value)
            #expect(writer.text == String(value))
        }
    }

    @Test("what was cut off is forgotten, and the memory used again")
    func truncate() {
        var writer = JSONWriter(capacity: 4)
        writer.string("kept")
        let count = writer.count
        writer.string("forgotten, and longer than what was there")
        writer.truncate(to: count)
        #expect(writer.text == #""kept""#)
        writer.removeAll()
        writer.integer(Int64(5))
        #expect(writer.text == "5")
        writer.append(UnsafeRawBufferPointer(start: nil, count: 0))
        writer.byte(0x21)
        #expect(writer.text == "5!")
    }
}

extension JSONWriter {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
