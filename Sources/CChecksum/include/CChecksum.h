#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

// CRC-32C (Castagnoli, RFC 3720 appendix B.4): reflected polynomial 0x82F63B78, all ones before and after.
// `crc` is the checksum of what came before, 0 at the start.
uint32_t checksum_crc32c(uint32_t crc, const void *bytes, size_t byte_count);

// SHA-256 (FIPS 180-4) over bytes that arrive in pieces.
typedef struct {
    uint32_t state[8];
    uint64_t byte_count;
    uint8_t block[64];
} checksum_sha256;

void checksum_sha256_init(checksum_sha256 *sha);
void checksum_sha256_update(checksum_sha256 *sha, const void *bytes, size_t byte_count);
void checksum_sha256_final(checksum_sha256 *sha, uint8_t digest[32]);

// SHA-256 of bytes that lie in one piece.
void checksum_sha256_of(const void *bytes, size_t byte_count, uint8_t digest[32]);

// The same functions without special instructions, for processors that have none and for comparison in tests.
uint32_t checksum_crc32c_portable(uint32_t crc, const void *bytes, size_t byte_count);
void checksum_sha256_of_portable(const void *bytes, size_t byte_count, uint8_t digest[32]);

#endif
