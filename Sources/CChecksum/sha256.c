#include "CChecksum.h"

#include <stdatomic.h>
#include <string.h>

typedef void sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t block_count);

// FIPS 180-4, section 4.2.2.
static const uint32_t round_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate_right(uint32_t x, int n) { return x >> n | x << (32 - n); }

static uint32_t load_big_endian(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static void store_big_endian(uint8_t *p, uint32_t x) {
    p[0] = (uint8_t)(x >> 24); p[1] = (uint8_t)(x >> 16); p[2] = (uint8_t)(x >> 8); p[3] = (uint8_t)x;
}

// FIPS 180-4, section 6.2.2.
static void sha256_blocks_portable(uint32_t state[8], const uint8_t *blocks, size_t block_count) {
    for (; block_count > 0; blocks += 64, block_count--) {
        uint32_t w[64];
        for (int i = 0; i < 16; i++) w[i] = load_big_endian(blocks + 4 * i);
        for (int i = 16; i < 64; i++) {
            uint32_t s0 = rotate_right(w[i - 15], 7) ^ rotate_right(w[i - 15], 18) ^ w[i - 15] >> 3;
            uint32_t s1 = rotate_right(w[i - 2], 17) ^ rotate_right(w[i - 2], 19) ^ w[i - 2] >> 10;
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (int i = 0; i < 64; i++) {
            uint32_t s1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
            uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + round_constants[i] + w[i];
            uint32_t s0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
            uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
        }
        state[0] += a; state[1] += b; state[2] += c; state[3] += d;
        state[4] += e; state[5] += f; state[6] += g; state[7] += h;
    }
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

// The SHA instructions keep the state as two vectors, ABEF and CDGH, and do two rounds each; four message words at a
// time are extended by sha256msg1 and sha256msg2 (Intel 64 manual, volume 2, SHA256RNDS2).
__attribute__((target("sha,sse4.1,ssse3")))
static void sha256_blocks_sha(uint32_t state[8], const uint8_t *blocks, size_t block_count) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)&state[0]), 0xB1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)&state[4]), 0x1B);
    __m128i abef = _mm_alignr_epi8(badc, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, badc, 0xF0);

    for (; block_count > 0; blocks += 64, block_count--) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w[4];
        for (int i = 0; i < 4; i++)
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks + 16 * i)), big_endian);
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) {
            if (i >= 4) {
                __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]),
                                            _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
                w[i & 3] = _mm_sha256msg2_epu32(sum, w[(i + 3) & 3]);
            }
            __m128i words = _mm_add_epi32(w[i & 3], _mm_load_si128((const __m128i *)&round_constants[4 * i]));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }

    __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
    __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)&state[0], _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)&state[4], _mm_alignr_epi8(dchg, feba, 8));
}

static int has_sha(void) {
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) || !(ebx & 1u << 29)) return 0;
    __builtin_cpu_init();
    return __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3");
}

static sha256_blocks *fastest(void) { return has_sha() ? sha256_blocks_sha : sha256_blocks_portable; }
#else
static sha256_blocks *fastest(void) { return sha256_blocks_portable; }
#endif

static sha256_blocks *chosen_blocks(void) {
    // Every thread that looks finds the same function, so the order of these two accesses does not matter.
    static _Atomic(sha256_blocks *) chosen;
    sha256_blocks *function = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (!function) {
        function = fastest();
        atomic_store_explicit(&chosen, function, memory_order_relaxed);
    }
    return function;
}

static void update(checksum_sha256 *sha, const uint8_t *p, size_t byte_count, sha256_blocks *blocks) {
    size_t held = sha->byte_count % 64;
    sha->byte_count += byte_count;
    if (held > 0) {
        size_t taken = byte_count < 64 - held ? byte_count : 64 - held;
        memcpy(sha->block + held, p, taken);
        p += taken;
        byte_count -= taken;
        if (held + taken < 64) return;
        blocks(sha->state, sha->block, 1);
    }
    blocks(sha->state, p, byte_count / 64);
    if (byte_count % 64 > 0) memcpy(sha->block, p + byte_count / 64 * 64, byte_count % 64);
}

static void final(checksum_sha256 *sha, uint8_t digest[32], sha256_blocks *blocks) {
    static const uint8_t padding[64] = {0x80};
    uint64_t bit_count = sha->byte_count * 8;
    size_t held = sha->byte_count % 64;
    update(sha, padding, held < 56 ? 56 - held : 120 - held, blocks);
    uint8_t tail[8];
    store_big_endian(tail, (uint32_t)(bit_count >> 32));
    store_big_endian(tail + 4, (uint32_t)bit_count);
    update(sha, tail, 8, blocks);
    for (int i = 0; i < 8; i++) store_big_endian(digest + 4 * i, sha->state[i]);
}

void checksum_sha256_init(checksum_sha256 *sha) {
    static const uint32_t start[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };
    memcpy(sha->state, start, sizeof start);
    sha->byte_count = 0;
}

void checksum_sha256_update(checksum_sha256 *sha, const void *bytes, size_t byte_count) {
    if (byte_count > 0) update(sha, bytes, byte_count, chosen_blocks());
}

void checksum_sha256_final(checksum_sha256 *sha, uint8_t digest[32]) { final(sha, digest, chosen_blocks()); }

static void digest_of(const void *bytes, size_t byte_count, uint8_t digest[32], sha256_blocks *blocks) {
    checksum_sha256 sha;
    checksum_sha256_init(&sha);
    if (byte_count > 0) update(&sha, bytes, byte_count, blocks);
    final(&sha, digest, blocks);
}

void checksum_sha256_of(const void *bytes, size_t byte_count, uint8_t digest[32]) {
    digest_of(bytes, byte_count, digest, chosen_blocks());
}

void checksum_sha256_of_portable(const void *bytes, size_t byte_count, uint8_t digest[32]) {
    digest_of(bytes, byte_count, digest, sha256_blocks_portable);
}
