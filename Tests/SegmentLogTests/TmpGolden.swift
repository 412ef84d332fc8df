import Foundation
import LedgerTestKit
import Testing
@testable import SegmentLog
@Test func tmpGolden() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        for count in [1, 20, 8, 8, 2, 1, 24, 2, 1] { try log.append(count); print("GOLD", log.head) }
        for name in try volume.list("/data/log") { print("GOLD", name, volume.contents("/data/log/"+name)!.count)
         try Data(volume.contents("/data/log/"+name)!).write(to: project("Tests/Golden/log-1/\(name)")) }
}
