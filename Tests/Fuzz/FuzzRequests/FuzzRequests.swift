import CFuzz
import FuzzLaws

/// What one allocation may take: inputs are at most 64 KiB, and what is made of it stays well below this.
private let allocationByteCountMax = 1 << 20

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    fuzz_bound_allocations(allocationByteCountMax)
    defer { fuzz_bound_allocations(.max) }
    do { try checkRequests(UnsafeRawBufferPointer(start: bytes, count: count)) } catch { fatalError(error.description) }
    return 0
}
