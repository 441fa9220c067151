/* The fingerprint under test (docs/fingerprint.md): on random schemas of both dialects, and on the
 * files in samples/, each rewrite that it promises to overlook leaves it as it is, alone and
 * combined; each change of a single field, entry or name changes it.
 *
 *     fingerprint [FIRST_SEED [COUNT]]    all of it
 *     fingerprint -d FOLDER [FIRST_SEED [COUNT]]
 *
 *     fingerprint -t DIALECT FILE…
 *
 * -d writes the random files, rewritten, with their fingerprints into FOLDER, for fingerprint.py,
 * and files that hold what that page lists;
 * -t prints the text that a fingerprint is a hash over.
 * A seed that fails is named, and runs alone with `fingerprint SEED 1`. */
#include "tests/fingerprint/subject.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "tests/property/random_pg.h"
#include "tests/property/random_sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAMPLES "tests/fingerprint/samples"

/* Fewer don't reach every field, and need not. */
#define ENOUGH_SEEDS 100

struct tally {
	struct coverage coverage[2]; /* SQLite, PostgreSQL */
	unsigned rewrites, failed;
};

static unsigned
index_of(const struct sd_dialect *dialect)
{
	return dialect == &sd_dialect_postgresql;
}

static void
complain(struct subject *s, struct tally *tally, const char *what, const char *why)
{
	tally->failed++;
	printf("%s: %s\n%s", what, why, subject_text(s));
}

/* ---- where files come from ------------------------------------------------------------- */

static bool
add_file(struct subject *s, const char *name, const char *text, size_t len)
{
	struct sd_diags diags = { .arena = s->arena };
	struct sd_buf report = SD_BUF(s->arena);
	struct sd_json *json = sd_json_parse(name, text, len, s->arena, &diags);

	if (json) {
		s->files.at[s->files.n++] = json;
		return true;
	}
	sd_diags_format(&diags, 0, false, &report);
	printf("%s", sd_buf_text(&report));
	return false;
}

static void
random_files(struct subject *s, uint64_t seed)
{
	struct sd_buf text = SD_BUF(s->arena);

	s->dialect = sd_dialects[seed % 2];
	s->rng.state = seed;
	if (s->dialect == &sd_dialect_sqlite) {
		struct gen_schema *schema = sd_new(s->arena, struct gen_schema);

		gen_schema(&s->rng, schema);
		gen_mutate(&s->rng, schema);
		gen_write(schema, &text);
	} else {
		struct pg_schema *schema = sd_new(s->arena, struct pg_schema);

		pg_schema(&s->rng, 180000, schema);
		pg_mutate(&s->rng, schema);
		pg_write(schema, &text);
	}
	(void)add_file(s, "random", sd_buf_text(&text), text.n);
	if (s->dialect == &sd_dialect_postgresql && rng_chance(&s->rng, 30))
		tree_set(s->files.at[0], "schema", tree_text(s->arena, "Other"));
}

/* ---- the laws -------------------------------------------------------------------------- */

/* The first lines in which two texts differ. */
static const char *
difference(struct subject *s, const char *a, const char *b)
{
	size_t line = 0, i = 0;

	for (; a[i] && a[i] == b[i]; i++)
		if (a[i] == '\n')
			line = i + 1;
	return sd_fmt(s->arena, "the fingerprint changed\n- %.*s\n+ %.*s",
		(int)strcspn(a + line, "\n"), a + line, (int)strcspn(b + line, "\n"), b + line);
}

static void
same(struct subject *s, struct tally *tally, const struct found *was, const char *what)
{
	struct found now = subject_fingerprint(s);

	tally->rewrites++;
	if (!now.fingerprint)
		complain(s, tally, what, now.text);
	else if (strcmp(now.fingerprint, was->fingerprint) != 0)
		complain(s, tally, what, difference(s, was->text, now.text));
}

static void
begin_rewrite(struct subject *s, const struct files *start)
{
	s->split = s->spaced = false;
	s->files.n = start->n;
	for (size_t i = 0; i < start->n; i++)
		s->files.at[i] = tree_copy(s->arena, start->at[i]);
}

static void
each_rewrite(struct subject *s, struct tally *tally, const struct found *was, const char *what)
{
	struct files start = s->files;

	for (size_t i = 0; rewrites[i].name; i++) {
		begin_rewrite(s, &start);
		rewrites[i].apply(s);
		same(s, tally, was,
			sd_fmt(s->arena, "%s, %s", what, rewrites[i].name));
	}
	begin_rewrite(s, &start);
}

/* About half of all rewrites, one on top of the other; their names. */
static const char *
combine(struct subject *s)
{
	struct sd_buf names = SD_BUF(s->arena);

	for (size_t i = 0; rewrites[i].name; i++) {
		if (rng_chance(&s->rng, 40))
			continue;
		rewrites[i].apply(s);
		sd_buf_sep(&names, " + ");
		sd_buf_add(&names, rewrites[i].name);
	}
	return sd_buf_text(&names);
}

#define COMBINATIONS 4
/* of a random schema; of the samples each is made */
#define CHANGES 40

static void
laws(struct subject *s, struct tally *tally, const char *what, uint32_t most)
{
	struct found was = subject_fingerprint(s);
	struct files start;

	if (!was.fingerprint) {
		complain(s, tally, what, was.text);
		return;
	}
	subject_lengthen(s);
	same(s, tally, &was, sd_fmt(s->arena, "%s, long form", what));
	start = s->files;
	each_rewrite(s, tally, &was, what);
	for (unsigned i = 0; i < COMBINATIONS; i++) {
		const char *names;

		begin_rewrite(s, &start);
		names = combine(s);
		same(s, tally, &was, sd_fmt(s->arena, "%s, %s", what, names));
	}
	begin_rewrite(s, &start);
	if (!change_fields(s, was.fingerprint, most,
		    &tally->coverage[index_of(s->dialect)])) {
		tally->failed++;
		printf("%s fails\n", what);
	}
}

/* ---- runs ------------------------------------------------------------------------------ */

static void
run_seed(uint64_t seed, struct tally *tally)
{
	struct subject s = { .arena = sd_arena_new() };

	random_files(&s, seed);
	if (s.files.n)
		laws(&s, tally, sd_fmt(s.arena, "seed %llu", (unsigned long long)seed), CHANGES);
	sd_arena_free(s.arena);
}

/* Add the files at @paths in @dir. */
static void
add_files(struct subject *s, const char *dir, const char *const *paths, size_t n)
{
	struct sd_diags diags = { .arena = s->arena };

	for (size_t i = 0; i < n && i < MOST_FILES; i++) {
		const char *path = sd_fmt(s->arena, "%s%s", dir, paths[i]);
		char *text;
		size_t len;

		if (sd_file_read(path, s->arena, &diags, &text, &len) != SD_OK ||
			!add_file(s, path, text, len))
			printf("%s is not read\n", path);
	}
}

/* A line of samples/fingerprints: dialect, fingerprint, files. */
static void
run_sample(const char *line, struct tally *tally)
{
	struct subject s = { .arena = sd_arena_new() };
	char dialect[32] = "", wanted[96] = "", files[MOST_FILES][64] = { "" };
	const char *const paths[] = { files[0], files[1], files[2], files[3] };
	struct found found;
	int n = sscanf(line, "%31s %95s %63s %63s %63s %63s", dialect, wanted, files[0], files[1],
		files[2], files[3]);

	s.dialect = sd_dialect_find(dialect);
	add_files(&s, SAMPLES "/", paths, n > 2 ? (size_t)n - 2 : 0);
	found = subject_fingerprint(&s);
	if (!found.fingerprint || strcmp(found.fingerprint, wanted) != 0)
		complain(&s, tally, line,
			sd_fmt(s.arena, "the fingerprint is %s",
				found.fingerprint ? found.fingerprint : found.text));
	if (found.fingerprint)
		laws(&s, tally, line, UINT32_MAX);
	sd_arena_free(s.arena);
}

static void
run_samples(struct tally *tally)
{
	FILE *file = fopen(SAMPLES "/fingerprints", "r");
	char line[512];

	if (!file) {
		printf("run it in the root of the repository\n");
		tally->failed++;
		return;
	}
	while (fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#')
			run_sample(line, tally);
	}
	fclose(file);
}

static void
dump_seed(const char *dir, uint64_t seed, FILE *list)
{
	struct subject s = { .arena = sd_arena_new() };
	struct sd_diags diags = { .arena = s.arena };
	struct sd_buf text = SD_BUF(s.arena);
	const char *name, *fingerprint;

	random_files(&s, seed);
	subject_lengthen(&s);
	(void)combine(&s);
	s.split = false;
	fingerprint = subject_fingerprint(&s).fingerprint;
	tree_write(s.files.at[0], s.spaced ? &s.rng : NULL, &text);
	name = sd_fmt(s.arena, "%llu.json", (unsigned long long)seed);
	if (fingerprint && sd_file_write(sd_fmt(s.arena, "%s/%s", dir, name), sd_buf_text(&text),
				   text.n, false, &diags) == SD_OK)
		fprintf(list, "%s %s %s\n", s.dialect->name, fingerprint, name);
	sd_arena_free(s.arena);
}

/* What has a list in docs/fingerprint.md: each keyword of any dialect as a quoted name, each alias
 * as a type. */
static void
dump_words(const char *dir, const struct sd_dialect *dialect, FILE *list)
{
	struct subject s = { .arena = sd_arena_new(), .dialect = dialect };
	struct sd_diags diags = { .arena = s.arena };
	const char *name = sd_fmt(s.arena, "words.%s.json", dialect->name);
	struct sd_buf text = SD_BUF(s.arena);
	unsigned n = 0;

	sd_buf_add(&text, "{\"tables\":{\"t\":{\"checks\":[\"1\"");
	for (size_t i = 0; sd_dialects[i]; i++)
		for (const char *const *word = sd_dialects[i]->keywords; *word; word++)
			sd_buf_addf(&text, ",\"\\\"%s\\\" <> 1\"", *word);
	sd_buf_add(&text, "],\"columns\":{\"c\":{\"type\":\"text\"}");
	for (size_t i = 0; sd_dialects[i]; i++)
		for (const struct sd_type_alias *a = sd_dialects[i]->aliases; a->alias; a++, n++)
			sd_buf_addf(&text, ",\"c%u\":{\"type\":\"%s\"},\"d%u\":{\"type\":\"%s(3)\"}", n,
				a->alias, n, a->alias);
	sd_buf_add(&text, "}}}}\n");
	if (add_file(&s, name, sd_buf_text(&text), text.n) &&
		sd_file_write(sd_fmt(s.arena, "%s/%s", dir, name), sd_buf_text(&text), text.n,
			false, &diags) == SD_OK)
		fprintf(list, "%s %s %s\n", dialect->name, subject_fingerprint(&s).fingerprint,
			name);
	sd_arena_free(s.arena);
}

static int
dump(const char *dir, uint64_t first, uint64_t count)
{
	char path[512];
	FILE *list;

	snprintf(path, sizeof path, "%s/fingerprints", dir);
	list = fopen(path, "w");
	if (!list)
		return 1;
	for (uint64_t seed = first; seed < first + count; seed++)
		dump_seed(dir, seed, list);
	for (size_t i = 0; sd_dialects[i]; i++)
		dump_words(dir, sd_dialects[i], list);
	return fclose(list) != 0;
}

static int
print_text(const struct sd_dialect *dialect, char **paths, size_t n)
{
	struct subject s = { .arena = sd_arena_new(), .dialect = dialect };

	add_files(&s, "", (const char *const *)paths, n);
	printf("%s", subject_fingerprint(&s).text);
	sd_arena_free(s.arena);
	return 0;
}

int
main(int argc, char **argv)
{
	static struct tally tally;
	const struct sd_dialect *dialect = NULL;
	const char *dir = NULL;
	uint64_t first, count;
	unsigned lacks = 0;

	for (int c; (c = getopt(argc, argv, "d:t:")) != -1;) {
		if (c == 'd')
			dir = optarg;
		else if (c != 't' || !(dialect = sd_dialect_find(optarg)))
			return 2;
	}
	if (dialect)
		return print_text(dialect, argv + optind, (size_t)(argc - optind));
	first = argc > optind ? strtoull(argv[optind], NULL, 10) : 1;
	count = argc > optind + 1 ? strtoull(argv[optind + 1], NULL, 10) : 100;
	if (dir)
		return dump(dir, first, count);
	for (uint64_t seed = first; seed < first + count; seed++)
		run_seed(seed, &tally);
	if (count > 1)
		run_samples(&tally);
	if (count >= ENOUGH_SEEDS)
		for (size_t i = 0; sd_dialects[i]; i++)
			lacks += coverage_lacks(
				sd_dialects[i], &tally.coverage[index_of(sd_dialects[i])]);
	printf("%u rewrites, %u failed\n", tally.rewrites, tally.failed);
	return tally.failed || lacks;
}
