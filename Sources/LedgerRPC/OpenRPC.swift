public import JSONText

extension JSONWriter {
    /// The OpenRPC 1.3 document of some methods (spec.open-rpc.org).
    public mutating func openRPC(_ methods: [Method]) {
        beginObject()
        key("openrpc")
        string("1.3.2")
        key("info")
        beginObject()
        key("title")
        string("Daybook")
        key("version")
        string("1")
        key("description")
        string(
            "JSON-RPC 2.0 over a Unix stream socket, one message per line. An array is a pipelined group: each request is answered on a line of its own."
        )
        endObject()
        key("methods")
        beginArray()
        for method in methods { self.method(method) }
        endArray()
        endObject()
    }

    private mutating func method(_ method: Method) {
        beginObject()
        key("name")
        string(method.name)
        key("summary")
        string(method.sentence)
        key("paramStructure")
        string("by-name")
        key("params")
        beginArray()
        for parameter in method.parameters { self.parameter(parameter) }
        endArray()
        key("result")
        result(method.result)
        endObject()
    }

    private mutating func parameter(_ parameter: Parameter) {
        beginObject()
        key("name")
        string(parameter.name)
        key("summary")
        string(parameter.sentence)
        key("required")
        boolean(parameter.isRequired)
        key("schema")
        schema(parameter.type)
        endObject()
    }

    private mutating func result(_ sentence: String) {
        beginObject()
        key("name")
        string("result")
        key("summary")
        string(sentence)
        key("schema")
        beginObject()
        type("object")
        endObject()
        endObject()
    }
}

/// Value types as JSON Schema (draft 7).
extension JSONWriter {
    private mutating func schema(_ type: ValueType) {
        beginObject()
        schemaFields(type)
        endObject()
    }

    private mutating func schemaFields(_ type: ValueType) {
        switch type {
        case .name: nameFields()
        case .text(let byteCountMax): textFields(byteCountMax)
        case .integer(let range): integerFields(range)
        case .signedAmount:
            integerFields(-9_007_199_254_740_991...9_007_199_254_740_991)
            key("not")
            raw(#"{"const":0}"#)
        case .timestamp: formatFields("date-time")
        case .day: formatFields("date")
        case .boolean: self.type("boolean")
        case .choice(let choices): choiceFields(choices)
        case .named(let value, let countMax): namedFields(value, countMax)
        case .json(let byteCountMax): describe("any JSON of at most \(byteCountMax) bytes")
        case .array(let element, let count): arrayFields(element, count)
        case .object(let shape): objectFields(shape)
        case .fields: self.type("object")
        case .nullable(let value): nullableFields(value)
        case .either(let one, let other): eitherFields(one, other)
        case .hash: hashFields()
        }
    }

    private mutating func type(_ name: StaticString) {
        key("type")
        raw("\"\(name)\"")
    }

    private mutating func bound(_ name: StaticString, _ value: Int64) {
        key(name)
        integer(value)
    }

    private mutating func describe(_ sentence: String) {
        key("description")
        string(sentence)
    }

    private mutating func nameFields() {
        type("string")
        bound("minLength", 1)
        describe("1 to 128 bytes of UTF-8 without control characters")
    }

    private mutating func textFields(_ byteCountMax: Int?) {
        type("string")
        if let byteCountMax { describe("1 to \(byteCountMax) bytes of UTF-8") }
    }

    private mutating func formatFields(_ format: String) {
        type("string")
        key("format")
        string(format)
    }

    private mutating func integerFields(_ range: ClosedRange<Int64>) {
        type("integer")
        bound("minimum", range.lowerBound)
        bound("maximum", range.upperBound)
    }

    private mutating func choiceFields(_ choices: [String]) {
        type("string")
        key("enum")
        beginArray()
        for choice in choices { string(choice) }
        endArray()
    }

    private mutating func namedFields(_ value: ValueType, _ countMax: Int) {
        type("object")
        bound("maxProperties", Int64(countMax))
        key("additionalProperties")
        schema(value)
    }

    private mutating func arrayFields(_ element: ValueType, _ count: ClosedRange<Int>) {
        type("array")
        bound("minItems", Int64(count.lowerBound))
        bound("maxItems", Int64(count.upperBound))
        key("items")
        schema(element)
    }

    private mutating func objectFields(_ shape: Shape) {
        type("object")
        key("properties")
        beginObject()
        for field in shape.fields {
            key(field.parameter.name)
            beginObject()
            schemaFields(field.parameter.type)
            key("title")
            string(field.parameter.sentence)
            endObject()
        }
        endObject()
        key("required")
        beginArray()
        for field in shape.fields where field.parameter.isRequired { string(field.parameter.name) }
        endArray()
        key("additionalProperties")
        boolean(false)
    }

    private mutating func nullableFields(_ value: ValueType) {
        key("oneOf")
        beginArray()
        schema(value)
        beginObject()
        type("null")
        endObject()
        endArray()
    }

    private mutating func eitherFields(_ one: ValueType, _ other: ValueType) {
        key("oneOf")
        beginArray()
        schema(one)
        schema(other)
        endArray()
    }

    private mutating func hashFields() {
        type("string")
        key("pattern")
        string("^[0-9a-f]{64}$")
    }
}
