import EventCodec
import JSONText
import LedgerModel

/// The command that holds others.
extension JSONReader {
    mutating func submit(_ head: inout CommandHead) throws(FieldError) -> Submit {
        var commands: [InnerCommand] = []
        try fields(of: .submit, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "commands":
                commands = try reader.elements("commands", countMax: Submit.commandCountMax) { (reader) throws(FieldError) in
                    try reader.innerCommand()
                }
            default: try head.read(key, &reader)
            }
        }
        for (index, command) in commands.enumerated() { try command.checkBelongs(to: head, index) }
        return Submit(commands: commands.map(\.inner))
    }

    private mutating func innerCommand() throws(FieldError) -> InnerCommand {
        var method: CommandMethod?
        var params: JSONReader?
        try fields(of: .inner, in: "") { (key, reader) throws(FieldError) in
            switch key {
            case "method": method = try reader.innerMethod()
            default:
                params = reader
                try reader.passOver()
            }
        }
        do throws(FieldError) { return try params!.innerCommand(method!) } catch { throw error.inside("params") }
    }

    private mutating func innerMethod() throws(FieldError) -> CommandMethod {
        let text = try text("method")
        guard let method = CommandMethod(rawValue: text) else {
            throw .value(field: "method", reason: "must be a command; there is none \(quoted(text))")
        }
        if method == .submit { throw .value(field: "method", reason: "must be another command than submit") }
        return method
    }

    /// Reads the params of a command inside another.
    private mutating func innerCommand(_ method: CommandMethod) throws(FieldError) -> InnerCommand {
        if (try? peekType()) != .object { throw .shape(field: "", reason: "must be an object") }
        var head = CommandHead.inner
        let command = try command(method, &head)
        if case .configure(let configure) = command, configure.isDryRun {
            throw .value(field: "dryRun", reason: "must not be true inside submit")
        }
        return InnerCommand(head: head, inner: Submit.Inner(id: head.id!, body: command.body, command: command))
    }

    private mutating func passOver() throws(FieldError) {
        do { try skipAnyValue() } catch { throw .text(error) }
    }
}

/// A command inside `submit` with what it says of itself.
private struct InnerCommand {
    let head: CommandHead
    let inner: Submit.Inner

    /// What an inner command says again must be what the whole says.
    func checkBelongs(to outer: CommandHead, _ index: Int) throws(FieldError) {
        if let tenant = head.tenant, tenant != outer.tenant {
            throw .value(field: "commands[\(index)].params.tenant", reason: "must be the tenant of the whole, or left out")
        }
        if let actor = head.actor, actor != outer.actor {
            throw .value(field: "commands[\(index)].params.actor", reason: "must be the actor of the whole, or left out")
        }
    }
}
