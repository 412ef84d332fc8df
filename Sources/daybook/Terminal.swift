import Glibc

/// One of the two streams to the outside, and what it can show.
struct Terminal: Sendable {
    let descriptor: Int32
    let isInteractive: Bool
    let hasColour: Bool

    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let errors = Terminal(descriptor: STDERR_FILENO)

    /// Colour is for terminals, and not when NO_COLOR is set (no-color.org) or TERM is `dumb`.
    private init(descriptor: Int32) {
        self.descriptor = descriptor
        isInteractive = isatty(descriptor) == 1
        hasColour = isInteractive && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
    }

    func line(_ text: String) { write(text + "\n") }

    /// Writes it all, now. A reader that has gone away ends the program, as it should.
    func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return fail(String(cString: strerror(errno))) }
            bytes = bytes.dropFirst(max(count, 0))
        }
    }

    /// What could not be printed must not pass for printed.
    private func fail(_ reason: String) {
        if descriptor == STDERR_FILENO { return }
        Terminal.errors.line("daybook: cannot write to standard output: \(reason)")
        exit(ProgramStatus.failed.rawValue)
    }

    func dim(_ text: String) -> String { coloured(text, "2") }
    func bold(_ text: String) -> String { coloured(text, "1") }
    func red(_ text: String) -> String { coloured(text, "31") }

    private func coloured(_ text: String, _ code: String) -> String { hasColour ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }

    /// Text from the ledger with control characters made visible: nobody's memo shall drive a terminal.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.map { isControl($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .format].contains(scalar.properties.generalCategory)
    }
}

/// A variable of the environment, nil when it is not set.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
