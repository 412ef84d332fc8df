import CFuzz
import FuzzLaws

/// What one allocation may take: a batch is at most 4 MiB and its header (`LogBounds.batchRawByteCountLimit`), and a list of
/// the batches' bytes grows by doubling.
private let allocationByteCountMax = 9 << 20

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    fuzz_bound_allocations(allocationByteCountMax)
    defer { fuzz_bound_allocations(.max) }
    do { try checkLog(UnsafeRawBufferPointer(start: bytes, count: count)) } catch { fatalError(error.description) }
    return 0
}

/// Three of four mutations have their checksums and chain mended, so that what lies behind them is met too.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ countMax: Int, _ seed: CUnsignedInt) -> Int {
    let newCount = LLVMFuzzerMutate(bytes, count, countMax)
    if seed % 4 > 0 { mend(UnsafeMutableRawBufferPointer(start: bytes, count: newCount), places: seed % 4 > 1) }
    return newCount
}
