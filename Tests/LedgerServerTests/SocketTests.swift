import Foundation
import Glibc
import Testing

@testable import LedgerServer

@Suite struct Sockets {
    @Test func onlyOwnerAndGroupMayConnect() async throws {
        let fake = try await FakeServer()
        var status = stat()
        #expect(lstat(fake.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o660)
        await fake.server.stop()
        #expect(lstat(fake.path, &status) != 0)
    }

    @Test func anotherUserIsToldSoAndClosed() async throws {
        let fake = try await FakeServer(admittedUser: getuid() + 1)
        let client = try fake.client()
        #expect(
            await client.rest() == [
                #"{"jsonrpc":"2.0","id":null,"error":{"code":-32030,"message":"the user \#(getuid()) may not speak here","data":{"peer":\#(getuid())}}}"#
            ])
        await fake.server.stop()
    }

    @Test func aSocketThatSomebodyListensOnIsLeft() async throws {
        let fake = try await FakeServer()
        #expect(throws: SocketError.self) { try SocketFile(path: fake.path).makeWay() }
        let client = try fake.client()
        await client.send(debit("d-1"))
        #expect(await client.line() == answered("d-1"))
        await fake.server.stop()
    }

    @Test func aStaleSocketIsRemovedAndAnythingElseIsLeft() throws {
        let directory = TemporaryDirectory()
        let path = directory.path + "/s"
        try leaveStaleSocket(at: path)
        #expect(FileManager.default.fileExists(atPath: path))
        try SocketFile(path: path).makeWay()
        #expect(!FileManager.default.fileExists(atPath: path))
        try "precious".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: SocketError.self) { try SocketFile(path: path).makeWay() }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    /// What a killed process leaves: a socket's file that nobody listens on.
    private func leaveStaleSocket(at path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(result == 0)
        close(descriptor)
    }

    @Test func aPathThatIsTooLongIsNamed() {
        let path = "/tmp/" + String(repeating: "x", count: 103)
        #expect(throws: SocketError(path, "a socket's path has at most 107 bytes")) { try SocketFile(path: path).makeWay() }
    }

    @Test func stoppingAnswersWhatIsInFlight() async throws {
        let fake = try await FakeServer(FakeWriter(answersAtOnce: false))
        let (client, idle) = (try fake.client(), try fake.client())
        await client.send(debit("d-1"))
        #expect(await fake.writer.commandIDs(1) == ["d-1"])
        async let stopped: Void = fake.server.stop()
        #expect(await idle.rest() == [])
        fake.writer.answer()
        #expect(await client.rest() == [answered("d-1")])
        await stopped
        #expect(throws: (any Error).self) { try fake.client() }
    }
}
