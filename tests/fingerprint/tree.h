/** JSON trees that a test takes apart and puts together: sd_json, changed in place. */
#ifndef SD_TESTS_FINGERPRINT_TREE_H
#define SD_TESTS_FINGERPRINT_TREE_H

#include "core/base/buf.h"
#include "core/base/json.h"
#include "tests/property/random.h"

struct sd_json *tree_new(struct sd_arena *arena, enum sd_json_type type);
struct sd_json *tree_text(struct sd_arena *arena, const char *text);
struct sd_json *tree_number(struct sd_arena *arena, const char *digits);
struct sd_json *tree_bool(struct sd_arena *arena, bool value);

/** The list of one text. */
struct sd_json *tree_list_of(struct sd_arena *arena, const char *text);

struct sd_json *tree_copy(struct sd_arena *arena, const struct sd_json *json);

/** Put @value under @key of @object, in the place of what is there. */
void tree_set(struct sd_json *object, const char *key, struct sd_json *value);

/** Append @value to @list. */
void tree_add(struct sd_json *list, struct sd_json *value);

/** Take member @key out of @object; NULL when it has none. */
struct sd_json *tree_take(struct sd_json *object, const char *key);

/** Take @item out of @list or object. */
void tree_drop(struct sd_json *list, struct sd_json *item);

/** Members of all objects below @json, and items of lists under keys that @is_loose says,
 *  in another order. */
void tree_shuffle(struct rng *rng, struct sd_json *json, bool (*is_loose)(const char *key));

/** @json as text; with @rng in any white space. */
void tree_write(const struct sd_json *json, struct rng *rng, struct sd_buf *out);

#endif
