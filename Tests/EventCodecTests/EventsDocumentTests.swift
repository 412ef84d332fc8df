import EventCodec
import Foundation
import LedgerModel
import Testing

/// `docs/events.md` tells of every event that there is, with a line that is one.
@Suite("The document of events")
struct EventsDocumentTests {
    private let document: EventsDocument

    init() throws { document = try EventsDocument() }

    @Test("every type has a section, in the order of the types, and no other has one")
    func types() {
        #expect(document.sections.map(\.type) == Fact.types)
    }

    @Test("each section has one example or more, which are lines of its type, byte for byte")
    func examples() throws {
        for section in document.sections {
            #expect(!section.examples.isEmpty, "\(section.type) has no example")
            for line in section.examples {
                let event = try decode(line)
                #expect(event.fact.type.description == section.type)
                #expect(encoded(event) == line + "\n")
            }
        }
    }

    @Test("each section names its examples' fields, and the document all fields within them")
    func fields() throws {
        for section in document.sections {
            for line in section.examples {
                let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                for field in object.keys where !EventsDocument.envelope.contains(field) {
                    #expect(section.names(field), "\(section.type): \(field) is not named")
                }
                for field in EventsDocument.innerFields(of: object) {
                    #expect(document.names(field), "\(section.type): \(field) within is not named")
                }
            }
        }
    }

    @Test("the envelope's fields are named")
    func envelope() {
        for field in EventsDocument.envelope { #expect(document.names(field), "\(field) is not named") }
    }

    @Test("every field that a sample event has is named: in the section of its type, or within")
    func samples() throws {
        for event in SampleEvents.version1 {
            let section = try #require(document.sections.first { $0.type == event.fact.type.description })
            let line = Data(encoded(event).utf8)
            let object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
            for field in object.keys where !EventsDocument.envelope.contains(field) {
                #expect(section.names(field), "\(section.type): \(field) is not named")
            }
            for field in EventsDocument.innerFields(of: object) {
                #expect(document.names(field), "\(section.type): \(field) within is not named")
            }
        }
    }
}

/// The page, taken apart by its headings.
private struct EventsDocument {
    struct Section {
        let type: String
        let text: String

        /// Lines of JSON between fences.
        var examples: [String] { text.split(separator: "\n").filter { $0.hasPrefix("{") }.map(String.init) }

        func names(_ field: String) -> Bool { EventsDocument.isNamed(field, in: text) }
    }

    static let envelope = ["seq", "at", "day", "type", "tenant", "id", "events", "body", "peer", "actor"]

    let text: String
    let sections: [Section]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        text = try String(contentsOf: root.appending(path: "docs/events.md"), encoding: .utf8)
        sections = text.components(separatedBy: "\n## ").flatMap(EventsDocument.sections)
    }

    func names(_ field: String) -> Bool { EventsDocument.isNamed(field, in: text) }

    /// The sections of a chapter whose headings are single words in lower case: the types.
    private static func sections(of chapter: String) -> [Section] {
        chapter.components(separatedBy: "\n### ").dropFirst().compactMap { part in
            let heading = String(part.prefix { $0 != "\n" })
            guard heading.first?.isLowercase ?? false else { return nil }
            return Section(type: heading, text: String(part.dropFirst(heading.count)))
        }
    }

    /// In code style, with or without the mark of what may be absent. An example does not count.
    private static func isNamed(_ field: String, in text: String) -> Bool {
        let prose = text.split(separator: "\n").filter { !$0.hasPrefix("{") }
        return prose.contains { $0.contains("`\(field)`") || $0.contains("`\(field)?`") }
    }

    /// The fields within a value, but for maps, whose keys are names, and what the sender said.
    static func innerFields(of object: [String: Any]) -> Set<String> {
        var fields: Set<String> = []
        for (key, value) in object where !["labels", "quantities", "counts", "rates", "details", "data"].contains(key) {
            collect(value, into: &fields)
        }
        return fields
    }

    private static func collect(_ value: Any, into fields: inout Set<String>) {
        if let array = value as? [Any] { for element in array { collect(element, into: &fields) } }
        guard let object = value as? [String: Any] else { return }
        fields.formUnion(object.keys)
        fields.formUnion(innerFields(of: object))
    }
}
