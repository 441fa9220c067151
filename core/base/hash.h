/** The two hashes in use, from libmd. */
#ifndef SD_BASE_HASH_H
#define SD_BASE_HASH_H

#include "core/base/arena.h"
#include "core/base/vec.h"

/** The id that git gives to a blob with this content, 40 hex digits: `git hash-object`
 *  computes the same, so a recorded checksum can be checked without this program. */
const char *sd_hash_blob(struct sd_arena *arena, const char *text, size_t len);

/** SHA-256, 64 hex digits. */
const char *sd_hash_sha256(struct sd_arena *arena, const char *text, size_t len);

/** The same of @texts, one behind the other. */
const char *sd_hash_sha256_all(struct sd_arena *arena, const struct sd_names *texts);

/** @n random hex digits from the operating system. */
const char *sd_random_hex(struct sd_arena *arena, size_t n);

#endif
