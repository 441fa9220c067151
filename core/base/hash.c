#include "core/base/hash.h"

#include "core/base/diag.h"

#include <sha1.h>
#include <sha2.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

static const char *
hex(struct sd_arena *arena, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *text = sd_alloc(arena, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return text; /* memory is zeroed, so it ends */
}

const char *
sd_hash_blob(struct sd_arena *arena, const char *text, size_t len)
{
	const char *header = sd_fmt(arena, "blob %zu", len);
	uint8_t digest[SHA1_DIGEST_LENGTH];
	SHA1_CTX ctx;

	SHA1Init(&ctx);
	SHA1Update(&ctx, (const uint8_t *)header, strlen(header) + 1);
	SHA1Update(&ctx, (const uint8_t *)text, len);
	SHA1Final(digest, &ctx);
	return hex(arena, digest, sizeof digest);
}

const char *
sd_hash_sha256(struct sd_arena *arena, const char *text, size_t len)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	SHA256Update(&ctx, (const uint8_t *)text, len);
	SHA256Final(digest, &ctx);
	return hex(arena, digest, sizeof digest);
}

const char *
sd_hash_sha256_all(struct sd_arena *arena, const struct sd_names *texts)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	for (size_t i = 0; i < texts->n; i++)
		SHA256Update(&ctx, (const uint8_t *)texts->at[i], strlen(texts->at[i]));
	SHA256Final(digest, &ctx);
	return hex(arena, digest, sizeof digest);
}

const char *
sd_random_hex(struct sd_arena *arena, size_t n)
{
	uint8_t *bytes = sd_alloc(arena, n / 2 + 1);
	char *text;

	if (getrandom(bytes, n / 2 + 1, 0) != (ssize_t)(n / 2 + 1))
		sd_bug("the system gives no random numbers");
	text = (char *)hex(arena, bytes, n / 2 + 1);
	text[n] = '\0';
	return text;
}
