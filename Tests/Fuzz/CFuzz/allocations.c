// malloc and its kin with a bound on each allocation. libFuzzer's own -malloc_limit_mb works only with a sanitizer that
// replaces malloc; this works with the plain one of glibc, which keeps its functions under these second names for such
// wrappers.
#include "CFuzz.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static size_t bound = SIZE_MAX;

void fuzz_bound_allocations(size_t byte_count) { bound = byte_count; }

static void check(size_t byte_count) {
    if (byte_count <= bound) return;
    size_t allowed = bound;
    bound = SIZE_MAX;
    fprintf(stderr, "ERROR: an allocation of %zu bytes, and the bound is %zu\n", byte_count, allowed);
    abort();
}

void *malloc(size_t byte_count) {
    check(byte_count);
    return __libc_malloc(byte_count);
}

void *calloc(size_t count, size_t byte_count) {
    size_t total;
    if (!__builtin_mul_overflow(count, byte_count, &total)) check(total);
    return __libc_calloc(count, byte_count);
}

void *realloc(void *old, size_t byte_count) {
    check(byte_count);
    return __libc_realloc(old, byte_count);
}

void *aligned_alloc(size_t alignment, size_t byte_count) {
    check(byte_count);
    return __libc_memalign(alignment, byte_count);
}

int posix_memalign(void **result, size_t alignment, size_t byte_count) {
    check(byte_count);
    void *bytes = __libc_memalign(alignment, byte_count);
    if (!bytes) return ENOMEM;
    *result = bytes;
    return 0;
}
