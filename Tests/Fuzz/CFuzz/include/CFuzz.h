#ifndef CFUZZ_H
#define CFUZZ_H

#include <stddef.h>
#include <stdint.h>

// The mutation of libFuzzer itself, for mutators that mend what it made (llvm.org/docs/LibFuzzer.html, "Custom mutators").
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);

// From now on one allocation above `byte_count` ends the process with a message: no input may make a reader allocate more. The
// fuzzer itself allocates more than that between inputs.
void fuzz_bound_allocations(size_t byte_count);

#endif
