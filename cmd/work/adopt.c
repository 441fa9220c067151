#include "cmd/work/adopt.h"

#include "cmd/work/check.h"
#include "core/base/text.h"

#include <string.h>

static const struct sd_pos nowhere;

/* Names that are listed in one report; JSON has all. */
#define LISTED 10

static const char *
listed(struct sd_arena *arena, const struct sd_names *names)
{
	struct sd_buf text = SD_BUF(arena);

	for (uint32_t i = 0; i < names->n && i < LISTED; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, names->at[i]);
	}
	if (names->n > LISTED)
		sd_buf_addf(&text, " and %u more", names->n - LISTED);
	return sd_buf_text(&text);
}

/* The commands of the tool that lead to where the baseline was taken: @text with the version in
 * its place, once for each head of a tool that records these. */
static const char *
advice(const struct sd_adoption *a, const char *text)
{
	struct sd_arena *arena = a->session->arena;
	struct sd_buf all = SD_BUF(arena);
	uint32_t n = a->versions.n;

	for (uint32_t i = a->peer->position_only ? 0 : n - 1; i < n; i++) {
		sd_buf_sep(&all, " and ");
		sd_buf_add(&all, sd_text_replace(arena, text, "{v}", a->versions.at[i]));
	}
	return sd_buf_text(&all);
}

/* ---- which namespaces are the project's -------------------------------------------------- */

/* The books may speak of the project's own tables. */
static bool
is_near(const struct sd_session *session, const struct sd_peer_books *books)
{
	const struct sd_names *listed_too = &session->settings.namespaces;

	if (!books->namespace || sd_text_equal(books->namespace, session->namespace))
		return true;
	for (size_t i = 0; i < listed_too->n; i++)
		if (sd_text_glob(listed_too->at[i], books->namespace))
			return true;
	return false;
}

struct sd_peers
sd_work_peers(struct sd_session *session, struct sd_db *db)
{
	const struct sd_peer_options all = { 0 };
	struct sd_diags *heard = db->diags, unheard = { .arena = session->arena };
	struct sd_peers found, near = { 0 };
	enum sd_status status;

	db->diags = &unheard;
	status = sd_peers_read(db, &all, session->arena, &found);
	db->diags = heard;
	for (size_t i = 0; status == SD_OK && i < found.books.n; i++) {
		const struct sd_peer_books *books = &found.books.at[i];

		if (!sd_peer_is_empty(books) && is_near(session, books))
			*sd_push(session->arena, &near.books) = *books;
	}
	return near;
}

enum sd_status
sd_adopt_check_free(struct sd_session *session, struct sd_db *db)
{
	const struct sd_peers others = sd_work_peers(session, db);

	if (!others.books.n)
		return SD_OK;
	sd_fail(session->diags, SD_CLASS_REFUSED, nowhere,
		"%s has migrated this database so far (%s: %s), and nothing of the history "
		"here "
		"is recorded in it",
		others.books.at[0].peer->title,
		sd_peer_table(&others.books.at[0], session->arena),
		sd_peer_place(&others.books.at[0], session->arena));
	sd_hint(session->diags,
		"`schemadiff adopt` takes it over; where both tools shall work side by side, "
		"`schemadiff ensure-version` begins a record of its own");
	return SD_ERR;
}

/* ---- which tool counts ------------------------------------------------------------------- */

static enum sd_status
none_found(const struct sd_adoption *a, const struct sd_peer *wanted)
{
	struct sd_session *session = a->session;
	struct sd_diags *diags = session->diags;

	for (size_t i = 0; i < a->found.books.n; i++) {
		const struct sd_peer_books *books = &a->found.books.at[i];

		if (books->peer != wanted)
			continue;
		sd_fail(diags, SD_CLASS_REFUSED, nowhere,
			"table %s of %s is there and empty: nothing is recorded as applied",
			sd_peer_table(books, session->arena), wanted->title);
		sd_hint(diags, "--from none leaves it out of account");
		return SD_ERR;
	}
	sd_fail(diags, SD_CLASS_REFUSED, nowhere, "nothing of %s was found in this database",
		wanted->title);
	for (size_t i = 0; i < a->found.books.n; i++)
		sd_note(diags, nowhere, "there is table %s of %s",
			sd_peer_table(&a->found.books.at[i], session->arena),
			a->found.books.at[i].peer->title);
	if (a->way == SD_ADOPT_JOIN)
		sd_hint(diags,
			"the baseline was taken where %s had applied %s; `schemadiff upgrade` "
			"runs it in an empty database, and --from none has the schema alone "
			"decide",
			wanted->title, sd_peer_newest(wanted, &a->versions, session->arena));
	else
		sd_hint(diags, "--table NAME says how its table is called (usually %s)",
			wanted->table);
	return SD_ERR;
}

static enum sd_status
ambiguous(const struct sd_adoption *a, const struct sd_peer_books **books, size_t n)
{
	struct sd_session *session = a->session;
	bool same = true;

	sd_fail(session->diags, SD_CLASS_REFUSED, nowhere,
		"it is ambiguous which tool the database is taken over from");
	for (size_t i = 0; i < n; i++) {
		same &= books[i]->peer == books[0]->peer;
		sd_note(session->diags, nowhere, "%s, in %s: %s", books[i]->peer->title,
			sd_peer_table(books[i], session->arena),
			sd_peer_place(books[i], session->arena));
	}
	if (same)
		sd_hint(session->diags, "name the table: --table %s",
			sd_peer_table(books[0], session->arena));
	else
		sd_hint(session->diags,
			"name the tool: --from %s; or none of them: --from none",
			sd_peer_name(books[0]->peer));
	return SD_ERR;
}

/* Of all that was found, the books of @wanted (NULL: of any); those in the project's namespaces
 * come before others. */
static enum sd_status
choose_books(struct sd_adoption *a, const struct sd_peer *wanted)
{
	size_t n[2] = { 0, 0 };
	bool near;
	const struct sd_peer_books **all[2];

	for (size_t k = 0; k < 2; k++)
		all[k] = sd_new_array(
			a->session->arena, a->found.books.n + 1, const struct sd_peer_books *);
	for (size_t i = 0; i < a->found.books.n; i++) {
		const struct sd_peer_books *books = &a->found.books.at[i];

		if ((wanted && books->peer != wanted) || sd_peer_is_empty(books))
			continue;
		near = is_near(a->session, books);
		all[near][n[near]++] = books;
	}
	near = n[true] != 0;
	if (!n[near])
		return wanted ? none_found(a, wanted) : SD_OK;
	if (n[near] > 1)
		return ambiguous(a, all[near], n[near]);
	a->books = all[near][0];
	if (!a->books->unreadable)
		return SD_OK;
	sd_fail(a->session->diags, SD_CLASS_DATABASE, nowhere,
		"table %s of %s can't be read by this role",
		sd_peer_table(a->books, a->session->arena), a->books->peer->title);
	sd_hint(a->session->diags,
		"its owner can GRANT SELECT, or use a role that may read it");
	return SD_ERR;
}

/* Tables that would have told, if they were made as the tool makes them. */
static void
warn_strangers(const struct sd_adoption *a)
{
	for (size_t i = 0; i < a->found.strangers.n; i++) {
		const struct sd_peer_books *stranger = &a->found.strangers.at[i];
		const char *table = sd_peer_table(stranger, a->session->arena);

		if (!is_near(a->session, stranger))
			continue;
		sd_warn(a->session->diags, nowhere,
			"table %s bears the name of another tool's, and its columns are no "
			"tool's that is known",
			table);
		sd_hint(a->session->diags,
			"it says nothing here, and is left out of the schema files until one "
			"of them names it");
	}
}

/* @table, called so by nobody but this project's configuration of the tool, would be taken for
 * the project's own. */
static enum sd_status
check_table(const struct sd_adoption *a, const char *table)
{
	struct sd_session *session = a->session;
	const struct sd_names *exclude = &session->settings.exclude;
	const char *name = table;

	if (!table || sd_is_foreign_bookkeeping(table))
		return SD_OK;
	if (!sd_text_equal(a->books->namespace, session->namespace))
		name = sd_fmt(session->arena, "%s.%s", a->books->namespace, table);
	for (size_t i = 0; i < exclude->n; i++)
		if (sd_text_glob(exclude->at[i], name))
			return SD_OK;
	sd_fail(session->diags, SD_CLASS_REFUSED, nowhere,
		"table %s of %s would be taken for one of the project's", name,
		a->books->peer->title);
	sd_hint(session->diags, "have it left alone: \"exclude\": [\"%s\"] in %s", name,
		session->config.path ? session->config.path : "schemadiff.json");
	return SD_ERR;
}

static enum sd_status
check_excluded(const struct sd_adoption *a)
{
	if (!a->books || !is_near(a->session, a->books))
		return SD_OK;
	return check_table(a, a->books->table) || check_table(a, a->books->beside) ? SD_ERR
										   : SD_OK;
}

/* What has failed, or still runs, must be brought to its end by the tool that began it. */
static enum sd_status
check_whole(const struct sd_adoption *a)
{
	struct sd_session *session = a->session;
	const struct sd_peer_books *books = a->books;
	const char *table = books ? sd_peer_table(books, session->arena) : NULL;

	if (books && books->failed.n) {
		sd_fail(session->diags, SD_CLASS_REFUSED, nowhere,
			"%s (%s): what has failed, or was stopped halfway: %s",
			books->peer->title, table, listed(session->arena, &books->failed));
		sd_hint(session->diags, "%s", books->peer->mend);
		return SD_ERR;
	}
	if (books && books->busy.n) {
		sd_fail(session->diags, SD_CLASS_REFUSED, nowhere,
			"%s (%s) is at work in this database, or was killed and has left its "
			"lock behind",
			books->peer->title, table);
		sd_hint(session->diags, "%s", books->peer->unlock);
		return SD_ERR;
	}
	return SD_OK;
}

static enum sd_status
find_books(struct sd_adoption *a)
{
	const struct sd_adopt_options *o = a->options;
	const struct sd_peer *named = o->from ? sd_peer_find(o->from) : NULL;
	const struct sd_peer_options where = { .only = named, .table = o->table };

	/* what is no business of the baseline says nothing */
	if ((o->from && !named) || (!o->from && a->way == SD_ADOPT_JOIN && !a->peer))
		return SD_OK;
	if (named && a->way == SD_ADOPT_JOIN && named != a->peer) {
		sd_fail(a->session->diags, SD_CLASS_REFUSED, a->baseline->revision_pos,
			"--from %s: revision %s, the baseline, was taken over from %s", o->from,
			a->baseline->revision, a->peer ? a->peer->title : "no other tool");
		return SD_ERR;
	}
	if (sd_peers_read(a->db, &where, a->session->arena, &a->found))
		return SD_ERR;
	if (o->table && !a->found.books.n) {
		sd_fail(a->session->diags, SD_CLASS_REFUSED, nowhere, "--table %s: %s",
			o->table,
			a->found.strangers.n ? "its columns are those of no tool that is known"
					     : "there is no such table");
		return SD_ERR;
	}
	warn_strangers(a);
	return choose_books(a, named ? named : a->peer) || check_excluded(a) || check_whole(a)
		       ? SD_ERR
		       : SD_OK;
}

/* ---- the baseline ------------------------------------------------------------------------ */

/* "flyway 1.2": the tool to *@peer, the version among the versions. */
static enum sd_status
read_header_line(struct sd_adoption *a, const char *value)
{
	struct sd_arena *arena = a->session->arena;
	size_t n = strcspn(value, " ");
	const char *tool = sd_strndup(arena, value, n);
	const char *version = sd_text_squeeze(arena, value + n);
	const struct sd_peer *peer = sd_peer_find(tool);

	if (!peer && strcmp(tool, "none") != 0)
		return sd_fail(a->session->diags, SD_CLASS_HISTORY, a->baseline->revision_pos,
			SD_ADOPTED ": %s: no such tool is known", tool);
	if (a->peer && peer != a->peer)
		return sd_fail(a->session->diags, SD_CLASS_HISTORY, a->baseline->revision_pos,
			SD_ADOPTED " names two tools: %s and %s", sd_peer_name(a->peer), tool);
	if (peer && !*version)
		return sd_fail(a->session->diags, SD_CLASS_HISTORY, a->baseline->revision_pos,
			SD_ADOPTED ": %s: a version of it is expected behind the tool", tool);
	a->peer = peer;
	if (peer)
		*sd_push(arena, &a->versions) = version;
	return SD_OK;
}

/* The script that says where it was taken over; else the one that the history begins with. */
static enum sd_status
find_baseline(struct sd_adoption *a)
{
	struct sd_session *session = a->session;
	struct sd_scripts marked = { 0 }, roots = { 0 };
	const struct sd_scripts *all;
	struct sd_names values;

	for (size_t i = 0; i < a->history->scripts.n; i++) {
		struct sd_script *script = a->history->scripts.at[i];

		if (sd_extras_of(&script->extras, SD_ADOPTED, session->arena).n)
			*sd_push(session->arena, &marked) = script;
		if (!script->revises.n)
			*sd_push(session->arena, &roots) = script;
	}
	all = marked.n ? &marked : &roots;
	if (all->n != 1) {
		sd_fail(session->diags, SD_CLASS_HISTORY, all->at[1]->revision_pos,
			marked.n ? "there are two baselines with " SD_ADOPTED ": %s and %s"
				 : "the history begins with %s and with %s, and neither is "
				   "marked "
				   "with " SD_ADOPTED,
			all->at[0]->revision, all->at[1]->revision);
		sd_hint(session->diags, "`schemadiff stamp` records where the database is");
		return SD_ERR;
	}
	a->baseline = all->at[0];
	values = sd_extras_of(&a->baseline->extras, SD_ADOPTED, session->arena);
	for (size_t i = 0; i < values.n; i++)
		if (read_header_line(a, values.at[i]))
			return SD_ERR;
	return SD_OK;
}

struct sd_extras
sd_adopt_header(const struct sd_adoption *a)
{
	struct sd_arena *arena = a->session->arena;
	struct sd_extras extras = { 0 };

	for (size_t i = 0; a->books && i < a->books->applied.n; i++)
		*sd_push(arena, &extras) = (struct sd_extra){ SD_ADOPTED,
			sd_fmt(arena, "%s %s", sd_peer_name(a->books->peer),
				a->books->applied.at[i]) };
	if (!extras.n)
		*sd_push(arena, &extras) = (struct sd_extra){ SD_ADOPTED, "none" };
	return extras;
}

/* Many tools keep their scripts in `migrations`, too: better one word on that than three errors a
 * file. */
static enum sd_status
check_folders(struct sd_session *session)
{
	const struct sd_names dirs = sd_work_paths(session, &session->settings.migrations);
	struct sd_diags unheard = { .arena = session->arena };
	struct sd_names paths = { 0 };
	char *text;

	for (size_t i = 0; i < dirs.n; i++)
		if (sd_tree_entry(session->tree, dirs.at[i]) == SD_ENTRY_DIR)
			(void)sd_tree_list(session->tree, dirs.at[i], ".sql",
				session->settings.recursive, session->arena, &unheard, &paths);
	for (size_t i = 0; i < paths.n; i++)
		if (sd_tree_read(session->tree, paths.at[i], session->arena, &unheard, &text,
			    NULL) ||
			strstr(text, "schemadiff:up"))
			return SD_OK;
	if (!paths.n)
		return SD_OK;
	sd_fail(session->diags, SD_CLASS_HISTORY, (struct sd_pos){ .file = paths.at[0] },
		"this is no script of schemadiff's, nor is any other in its folder");
	sd_hint(session->diags,
		"if they are another tool's, let ours lie elsewhere: \"migrations\": "
		"\"revisions\" in %s",
		session->config.path ? session->config.path : "schemadiff.json");
	return SD_ERR;
}

enum sd_status
sd_adopt_look(struct sd_session *session, const struct sd_adopt_options *options,
	struct sd_adoption *a)
{
	struct sd_bookkeeping books;

	*a = (struct sd_adoption){
		.session = session, .options = options, .engine = session->engine
	};
	if (check_folders(session))
		return SD_ERR;
	a->history = sd_work_history(session, a->engine);
	if (!a->history)
		return SD_ERR;
	if (!sd_db_exists(&session->target)) {
		sd_fail(session->diags, SD_CLASS_DATABASE, nowhere,
			"the database %s does not exist, so there is nothing to take over",
			session->target.masked);
		sd_hint(session->diags, "`schemadiff upgrade` creates it");
		return SD_ERR;
	}
	a->db = sd_work_open(session, SD_DB_READ);
	books = sd_work_books(session);
	if (!a->db || sd_state_read(a->db, &books, session->arena, &a->state))
		return SD_ERR;
	if (a->state.ids.n || a->state.partial.revision)
		return SD_OK;
	a->way = a->history->scripts.n ? SD_ADOPT_JOIN : SD_ADOPT_BEGIN;
	if (a->way == SD_ADOPT_JOIN && find_baseline(a))
		return SD_ERR;
	return find_books(a);
}

/* ---- versions ---------------------------------------------------------------------------- */

/* The names of @a that are not in @b. */
static void
subtract(struct sd_arena *arena, const struct sd_names *a, const struct sd_names *b,
	struct sd_names *rest)
{
	struct sd_map known = { 0 };

	for (size_t i = 0; i < b->n; i++)
		*sd_map_at(&known, b->at[i], arena) = &known;
	for (size_t i = 0; i < a->n; i++)
		if (!sd_map_get(&known, a->at[i]))
			*sd_push(arena, rest) = a->at[i];
}

static void
refuse_position(const struct sd_adoption *a)
{
	struct sd_diags *diags = a->session->diags;
	struct sd_arena *arena = a->session->arena;

	sd_fail(diags, SD_CLASS_REFUSED, nowhere,
		"%s is at %s here (%s), and was at %s where the baseline %s was taken",
		a->peer->title, sd_peer_newest(a->peer, &a->books->applied, arena),
		sd_peer_table(a->books, arena), sd_peer_newest(a->peer, &a->versions, arena),
		a->baseline->revision);
	sd_hint(diags,
		"if this database is behind, %s brings it there; if it is ahead, %s goes back",
		advice(a, a->peer->up), advice(a, a->peer->down));
}

static void
refuse_missing(const struct sd_adoption *a)
{
	struct sd_diags *diags = a->session->diags;

	sd_fail(diags, SD_CLASS_REFUSED, nowhere,
		"this database is behind the baseline %s: %s has not applied here (%s): %s",
		a->baseline->revision, a->peer->title,
		sd_peer_table(a->books, a->session->arena),
		listed(a->session->arena, &a->missing));
	sd_hint(diags, "%s first, then `schemadiff adopt` again", advice(a, a->peer->up));
}

static void
refuse_extra(const struct sd_adoption *a)
{
	struct sd_diags *diags = a->session->diags;

	sd_fail(diags, SD_CLASS_REFUSED, nowhere,
		"this database is ahead of the baseline %s, which knows nothing of what %s has "
		"applied here (%s): %s",
		a->baseline->revision, a->peer->title,
		sd_peer_table(a->books, a->session->arena),
		listed(a->session->arena, &a->extra));
	sd_hint(diags, "%s%sor bring the others here with %s, and take the baseline again",
		a->peer->down ? advice(a, a->peer->down) : "",
		a->peer->down ? " goes back; " : "", a->peer->title);
}

enum sd_status
sd_adopt_check_versions(struct sd_adoption *a)
{
	struct sd_arena *arena = a->session->arena;

	if (!a->books)
		return SD_OK;
	subtract(arena, &a->versions, &a->books->applied, &a->missing);
	subtract(arena, &a->books->applied, &a->versions, &a->extra);
	if (!a->missing.n && !a->extra.n)
		return SD_OK;
	if (a->peer->position_only) {
		refuse_position(a);
	} else {
		if (a->missing.n)
			refuse_missing(a);
		if (a->extra.n)
			refuse_extra(a);
	}
	sd_hint(a->session->diags, "--from none has the schema alone decide");
	return SD_ERR;
}

/* ---- a database of another dialect --------------------------------------------------------
 */

/* Where the tool is there, for people. */
static const char *
side_place(const struct sd_adoption *other)
{
	struct sd_arena *arena = other->session->arena;

	return other->books ? sd_fmt(arena, "%s (%s)", sd_peer_place(other->books, arena),
				      sd_peer_table(other->books, arena))
			    : "nothing of it was found";
}

static enum sd_status
refuse_side(const struct sd_adoption *a, const struct sd_adoption *other,
	const struct sd_side *side)
{
	struct sd_diags *diags = a->session->diags;
	struct sd_arena *arena = a->session->arena;

	sd_fail(diags, SD_CLASS_REFUSED, nowhere,
		"the %s part would be taken from %s, where %s has not applied the same: %s",
		side->engine->dialect->name, side->from, a->books->peer->title,
		side_place(other));
	sd_note(diags, nowhere, "here: %s (%s)", sd_peer_place(a->books, arena),
		sd_peer_table(a->books, arena));
	if (other->missing.n)
		sd_note(diags, nowhere, "not applied there: %s",
			listed(arena, &other->missing));
	if (other->extra.n)
		sd_note(diags, nowhere, "not applied here: %s", listed(arena, &other->extra));
	sd_hint(diags,
		"bring both to the same place with %s; or --replay takes the part from the "
		"schema "
		"files; or --from none has the schema alone decide",
		a->books->peer->title);
	return SD_ERR;
}

enum sd_status
sd_adopt_check_side(const struct sd_adoption *a, struct sd_side *side)
{
	const struct sd_adopt_options options = { 0 };
	struct sd_adoption other = { .session = side->session,
		.options = &options,
		.engine = side->engine,
		.db = side->db,
		.way = SD_ADOPT_BEGIN };
	struct sd_peer_options where = { 0 };
	struct sd_peer_books none = { 0 };
	int filled;

	if (!a->books || !side->db)
		return SD_OK;
	where.only = a->books->peer;
	where.table = a->options->table ? a->books->table : NULL;
	if (sd_peers_read(side->db, &where, a->session->arena, &other.found))
		return SD_ERR;
	for (size_t i = 0; i < other.found.books.n; i++)
		if (!sd_peer_is_empty(&other.found.books.at[i])) {
			if (choose_books(&other, a->books->peer) || check_whole(&other)) {
				sd_note(a->session->diags, nowhere, "this is about %s",
					side->from);
				return SD_ERR;
			}
			break;
		}
	filled = other.books ? 1 : sd_side_is_filled(side);
	if (filled < 1)
		return filled ? SD_ERR : SD_OK;
	subtract(a->session->arena, &a->books->applied,
		other.books ? &other.books->applied : &none.applied, &other.missing);
	subtract(a->session->arena, other.books ? &other.books->applied : &none.applied,
		&a->books->applied, &other.extra);
	return other.missing.n || other.extra.n ? refuse_side(a, &other, side) : SD_OK;
}

/* ---- the schema -------------------------------------------------------------------------- */

/* Compare the database, as it is beside @wanted, with that. */
static enum sd_status
compare(struct sd_adoption *a, struct sd_schema *wanted, const char *against)
{
	struct sd_diff_options options;
	struct sd_schema *live = sd_work_introspect(a->session, a->db, wanted);

	if (!live || sd_work_diff_options(a->session, NULL, &options))
		return SD_ERR;
	a->diff = sd_work_compare(a->session, a->db, live, wanted, &options);
	a->against = against;
	return a->diff->wrong.n ? SD_ERR : SD_OK;
}

enum sd_status
sd_adopt_compare_files(struct sd_adoption *a)
{
	struct sd_schema *files = sd_work_load(a->session, a->engine);

	return files ? compare(a, files, "the schema files") : SD_ERR;
}

/* The schema files, if they still say what the baseline was written from; else NULL. */
static struct sd_schema *
unchanged_files(struct sd_adoption *a)
{
	struct sd_diags unheard = { .arena = a->session->arena };
	struct sd_session quiet = *a->session;
	struct sd_schema *files;

	quiet.diags = &unheard;
	files = sd_work_load(&quiet, a->engine);
	if (!files || !a->baseline->schema ||
		!sd_text_equal(
			sd_schema_fingerprint(files, a->session->arena), a->baseline->schema))
		return NULL;
	return files;
}

enum sd_status
sd_adopt_compare_baseline(struct sd_adoption *a)
{
	struct sd_session *session = a->session;
	struct sd_schema *wanted = unchanged_files(a);
	struct sd_goal goal = { 0 };
	struct sd_target near;
	const char *why = NULL;
	enum sd_status status;
	struct sd_db *scratch;

	if (wanted)
		return compare(a, wanted, "the schema files");
	status = sd_work_scratch(session, a->engine, a->options->scratch_auto, &near, &why);
	if (status == SD_NOTFOUND) {
		sd_fail(session->diags, SD_CLASS_REFUSED, a->baseline->revision_pos,
			"whether the database is as revision %s leaves it can't be told: the "
			"schema files say something else by now, and there is no scratch "
			"database to run it in",
			a->baseline->revision);
		sd_hint(session->diags,
			"%s; or, if you know, `schemadiff stamp %s` records it unseen", why,
			a->baseline->revision);
		return SD_ERR;
	}
	if (status)
		return SD_ERR;
	*sd_push(session->arena, &goal.scripts) =
		sd_history_find(a->history, a->baseline->revision);
	wanted = sd_work_replay(session, a->engine, a->history, &goal, &near, &scratch);
	if (!wanted)
		return SD_ERR;
	for (enum sd_kind kind = 0; kind < SD_KIND__MAX; kind++)
		wanted->manages[kind] = true;
	return compare(a, wanted, "the baseline");
}

/* ---- recording --------------------------------------------------------------------------- */

enum sd_status
sd_adopt_record(struct sd_adoption *a)
{
	struct sd_session *session = a->session;
	struct sd_bookkeeping books;
	struct sd_run_result result;
	struct sd_run run = {
		.books = &books,
		.history = a->history,
		.wait = session->settings.wait,
		.arena = session->arena,
	};

	run.db = sd_work_open(session, SD_DB_WRITE);
	books = sd_work_books(session);
	return run.db ? sd_run_stamp(&run, a->baseline, &result) : SD_ERR;
}
