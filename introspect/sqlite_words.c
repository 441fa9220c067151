/* The words of SQLite's grammar.  Most keywords are names too wherever no rule asks for them
 * (parse.y: %fallback ID), so a word has a class beside its meaning.  They are listed by
 * first letter: nearly every word of a schema is a name, and is told from the keywords by
 * looking at a handful of lengths. */
#include "introspect/sqlite_parse.h"

struct keyword {
	const char *word;
	uint8_t len, kw, class;
};

#define WORD(word, kw, class)                                                                  \
	{                                                                                      \
		word, (uint8_t)(sizeof(word) - 1), SD_KW_##kw, SD_WORD_##class                 \
	}

static const struct keyword words_a[] = {
	WORD("abort", ABORT, ID),
	WORD("action", ACTION, ID),
	WORD("add", OTHER, RESERVED),
	WORD("after", AFTER, ID),
	WORD("all", OTHER, RESERVED),
	WORD("alter", OTHER, RESERVED),
	WORD("always", ALWAYS, ID),
	WORD("and", AND, RESERVED),
	WORD("as", AS, RESERVED),
	WORD("asc", ASC, ID),
	WORD("autoincrement", AUTOINCREMENT, RESERVED),
};
static const struct keyword words_b[] = {
	WORD("before", BEFORE, ID),
	WORD("begin", BEGIN, ID),
	WORD("between", BETWEEN, RESERVED),
};
static const struct keyword words_c[] = {
	WORD("cascade", CASCADE, ID),
	WORD("case", CASE, RESERVED),
	WORD("check", CHECK, RESERVED),
	WORD("collate", COLLATE, RESERVED),
	WORD("commit", OTHER, RESERVED),
	WORD("conflict", CONFLICT, ID),
	WORD("constraint", CONSTRAINT, RESERVED),
	WORD("create", CREATE, RESERVED),
	WORD("cross", OTHER, NAME),
	WORD("current_date", CURRENT, ID),
	WORD("current_time", CURRENT, ID),
	WORD("current_timestamp", CURRENT, ID),
};
static const struct keyword words_d[] = {
	WORD("default", DEFAULT, RESERVED),
	WORD("deferrable", DEFERRABLE, RESERVED),
	WORD("deferred", DEFERRED, ID),
	WORD("delete", DELETE, RESERVED),
	WORD("desc", DESC, ID),
	WORD("distinct", OTHER, RESERVED),
	WORD("drop", OTHER, RESERVED),
};
static const struct keyword words_e[] = {
	WORD("each", EACH, ID),
	WORD("else", OTHER, RESERVED),
	WORD("end", END_WORD, ID),
	WORD("escape", ESCAPE, RESERVED),
	WORD("except", OTHER, RESERVED),
	WORD("exists", EXISTS, RESERVED),
};
static const struct keyword words_f[] = {
	WORD("fail", FAIL, ID),
	WORD("for", FOR, ID),
	WORD("foreign", FOREIGN, RESERVED),
	WORD("from", OTHER, RESERVED),
	WORD("full", OTHER, NAME),
};
static const struct keyword words_g[] = {
	WORD("generated", GENERATED, ID),
	WORD("glob", LIKE, ID),
	WORD("group", OTHER, RESERVED),
};
static const struct keyword words_h[] = {
	WORD("having", OTHER, RESERVED),
};
static const struct keyword words_i[] = {
	WORD("if", IF, ID),
	WORD("ignore", IGNORE, ID),
	WORD("immediate", IMMEDIATE, ID),
	WORD("in", IN, RESERVED),
	WORD("index", INDEX, RESERVED),
	WORD("indexed", OTHER, NAME),
	WORD("initially", INITIALLY, ID),
	WORD("inner", OTHER, NAME),
	WORD("insert", INSERT, RESERVED),
	WORD("instead", INSTEAD, ID),
	WORD("intersect", OTHER, RESERVED),
	WORD("into", OTHER, RESERVED),
	WORD("is", IS, RESERVED),
	WORD("isnull", OTHER, RESERVED),
};
static const struct keyword words_j[] = {
	WORD("join", OTHER, RESERVED),
};
static const struct keyword words_k[] = {
	WORD("key", KEY, ID),
};
static const struct keyword words_l[] = {
	WORD("left", OTHER, NAME),
	WORD("like", LIKE, ID),
	WORD("limit", OTHER, RESERVED),
};
static const struct keyword words_m[] = {
	WORD("match", MATCH, ID),
};
static const struct keyword words_n[] = {
	WORD("natural", OTHER, NAME),
	WORD("no", NO, ID),
	WORD("not", NOT, RESERVED),
	WORD("nothing", OTHER, RESERVED),
	WORD("notnull", OTHER, RESERVED),
	WORD("null", NULL, RESERVED),
	WORD("nulls", NULLS, ID),
};
static const struct keyword words_o[] = {
	WORD("of", OF, ID),
	WORD("on", ON, RESERVED),
	WORD("or", OR, RESERVED),
	WORD("order", OTHER, RESERVED),
	WORD("outer", OTHER, NAME),
};
static const struct keyword words_p[] = {
	WORD("primary", PRIMARY, RESERVED),
};
static const struct keyword words_r[] = {
	WORD("references", REFERENCES, RESERVED),
	WORD("regexp", LIKE, ID),
	WORD("replace", REPLACE, ID),
	WORD("restrict", RESTRICT, ID),
	WORD("returning", OTHER, RESERVED),
	WORD("right", OTHER, NAME),
	WORD("rollback", ROLLBACK, ID),
	WORD("row", ROW, ID),
};
static const struct keyword words_s[] = {
	WORD("select", SELECT, RESERVED),
	WORD("set", SET, RESERVED),
};
static const struct keyword words_t[] = {
	WORD("table", TABLE, RESERVED),
	WORD("temp", TEMP, ID),
	WORD("temporary", TEMP, ID),
	WORD("then", OTHER, RESERVED),
	WORD("to", OTHER, RESERVED),
	WORD("transaction", OTHER, RESERVED),
	WORD("trigger", TRIGGER, ID),
};
static const struct keyword words_u[] = {
	WORD("union", OTHER, RESERVED),
	WORD("unique", UNIQUE, RESERVED),
	WORD("update", UPDATE, RESERVED),
	WORD("using", OTHER, RESERVED),
};
static const struct keyword words_v[] = {
	WORD("values", VALUES, RESERVED),
	WORD("view", VIEW, ID),
};
static const struct keyword words_w[] = {
	WORD("when", WHEN, RESERVED),
	WORD("where", WHERE, RESERVED),
	WORD("with", WITH, ID),
	WORD("without", WITHOUT, ID),
};
#define LETTER(l)                                                                              \
	{                                                                                      \
		words_##l, SD_COUNT(words_##l)                                                 \
	}
static const struct {
	const struct keyword *at;
	size_t n;
} by_letter['z' - 'a' + 1] = {
	['a' - 'a'] = LETTER(a),
	['b' - 'a'] = LETTER(b),
	['c' - 'a'] = LETTER(c),
	['d' - 'a'] = LETTER(d),
	['e' - 'a'] = LETTER(e),
	['f' - 'a'] = LETTER(f),
	['g' - 'a'] = LETTER(g),
	['h' - 'a'] = LETTER(h),
	['i' - 'a'] = LETTER(i),
	['j' - 'a'] = LETTER(j),
	['k' - 'a'] = LETTER(k),
	['l' - 'a'] = LETTER(l),
	['m' - 'a'] = LETTER(m),
	['n' - 'a'] = LETTER(n),
	['o' - 'a'] = LETTER(o),
	['p' - 'a'] = LETTER(p),
	['r' - 'a'] = LETTER(r),
	['s' - 'a'] = LETTER(s),
	['t' - 'a'] = LETTER(t),
	['u' - 'a'] = LETTER(u),
	['v' - 'a'] = LETTER(v),
	['w' - 'a'] = LETTER(w),
};

static bool
equals(const char *word, const char *lower, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = word[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (c != lower[i])
			return false;
	}
	return true;
}

struct sd_ddl_tok
sd_ddl_classify(const char *word, size_t len)
{
	struct sd_ddl_tok tok = { .kw = SD_KW_NONE, .class = SD_WORD_ID };
	size_t letter = len ? (size_t)(unsigned char)(word[0] | 0x20) - 'a' : SIZE_MAX;

	if (letter >= SD_COUNT(by_letter))
		return tok;
	for (size_t i = 0; i < by_letter[letter].n; i++) {
		const struct keyword *k = &by_letter[letter].at[i];

		if (k->len != len || !equals(word, k->word, len))
			continue;
		tok.kw = k->kw;
		tok.class = k->class;
		break;
	}
	return tok;
}
