import CFuzz
import FuzzLaws
import FuzzNoteLaws

/// What one allocation may take: a proof is at most 1 MiB, and what is made of it stays well below this.
private let allocationByteCountMax = 4 << 20

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    fuzz_bound_allocations(allocationByteCountMax)
    defer { fuzz_bound_allocations(.max) }
    do { try checkNote(UnsafeRawBufferPointer(start: bytes, count: count)) } catch { fatalError(error.description) }
    return 0
}
