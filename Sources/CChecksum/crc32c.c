#include "CChecksum.h"

#include <stdatomic.h>
#include <string.h>

typedef uint32_t crc32c_function(uint32_t crc, const void *bytes, size_t byte_count);

// One row per byte of a 64-bit word ("slicing by 8"), computed once at start.
static uint32_t table[8][256];

__attribute__((constructor)) static void fill_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0x82F63B78u : crc >> 1;
        table[0][byte] = crc;
    }
    for (int row = 1; row < 8; row++)
        for (int byte = 0; byte < 256; byte++)
            table[row][byte] = table[row - 1][byte] >> 8 ^ table[0][table[row - 1][byte] & 0xFF];
}

uint32_t checksum_crc32c_portable(uint32_t crc, const void *bytes, size_t byte_count) {
    const uint8_t *p = bytes;
    crc = ~crc;
    for (; byte_count >= 8; p += 8, byte_count -= 8) {
        uint32_t low = crc ^ ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
        crc = table[7][low & 0xFF] ^ table[6][low >> 8 & 0xFF] ^ table[5][low >> 16 & 0xFF] ^ table[4][low >> 24]
            ^ table[3][p[4]] ^ table[2][p[5]] ^ table[1][p[6]] ^ table[0][p[7]];
    }
    for (; byte_count > 0; p++, byte_count--) crc = crc >> 8 ^ table[0][(crc ^ *p) & 0xFF];
    return ~crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2")))
static uint32_t crc32c_sse42(uint32_t crc, const void *bytes, size_t byte_count) {
    const uint8_t *p = bytes;
    uint64_t wide = (uint32_t)~crc;
    for (; byte_count >= 8; p += 8, byte_count -= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        wide = _mm_crc32_u64(wide, word);
    }
    uint32_t narrow = (uint32_t)wide;
    for (; byte_count > 0; p++, byte_count--) narrow = _mm_crc32_u8(narrow, *p);
    return ~narrow;
}

static crc32c_function *fastest(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("sse4.2") ? crc32c_sse42 : checksum_crc32c_portable;
}
#else
static crc32c_function *fastest(void) { return checksum_crc32c_portable; }
#endif

uint32_t checksum_crc32c(uint32_t crc, const void *bytes, size_t byte_count) {
    // Every thread that looks finds the same function, so the order of these two accesses does not matter.
    static _Atomic(crc32c_function *) chosen;
    crc32c_function *function = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (!function) {
        function = fastest();
        atomic_store_explicit(&chosen, function, memory_order_relaxed);
    }
    return function(crc, bytes, byte_count);
}
