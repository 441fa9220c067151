/* Alembic's facts about what upgrade, downgrade and stamp do from given heads (inventory 8.7),
 * and which heads are recorded meanwhile (8.8). */
#include "graph_helper.h"

/* ---- one line ---------------------------------------------------------------------------- */

static const struct graph_row linear_rows[] = {
	DOWN("8.7/1", "base", "", "", ""),
	DOWN("8.7/2", "a", "a", "", "a"),
	DOWN("8.7/3", "e", "e", "", "e"),
	UP("8.7/4", "e", "c", "d e", "e"),
	UP("8.7/4", "c", "", "a b c", "c"),
	UP("8.7/5", "+2", "a", "b c", "c"),
	UP("8.7/5", "+1", "a", "b", "b"),
	UP("8.7/5", "+3", "b", "c d e", "e"),
	UP("8.7/5", "b+2", "a", "b c d", "d"),
	UP("8.7/5", "d-2", "a", "b", "b"),
	UP("8.7/6", "-2", "b", "!\"-2\" goes back from the current revision", NULL),
	UP("8.7/6", "+5", "b", "!\"+5\" goes 2 further than e", NULL),
	DOWN("8.7/7", "c", "e", "e d", "c"),
	DOWN("8.7/7", "base", "c", "c b a", ""),
	DOWN("8.7/8", "-1", "c", "c", "b"),
	DOWN("8.7/8", "-3", "e", "e d c", "b"),
	DOWN("8.7/8", "a+2", "d", "d", "c"),
	DOWN("8.7/8", "c-2", "d", "d c b", "a"),
	DOWN("8.7/9", "-5", "b", "!\"-5\" goes 3 further than base", NULL),
	DOWN("8.7/9", "+2", "b", "!\"+2\" goes forward from the current revision", NULL),
	STAMP("8.7/12", "base", "d", ""),
};
static const struct graph_row partial_rows[] = {
	DOWN("8.7/10", "bbb", "", "!cannot downgrade to bbbbbb: it is not applied", NULL),
	DOWN("8.7/11", "ccc", "bbbbbb", "!cannot downgrade to cccccc: it is not applied", NULL),
};

/* ---- branches -----------------------------------------------------------------------------
 */

#define AMBIGUOUS "several revisions are current: naming one is safer than the order of rows"

static const struct graph_row branched_rows[] = {
	STAMP("8.7/13", "b", "d1 c2", "b"),
	STAMP("8.7/14", "c1branch@base", "d1 c2", "c2"),
	STAMP("8.7/15", "c2branch@head", "d1 c2", "d1 d2"),
	UP("8.7/16", "d1", "b", "c1 d1", "d1"),
	UP("8.7/17", "d1 d2", "a", "b c2 d2 c1 d1", "d1 d2"),
	DOWN("8.7/18", "a", "d1 d2", "d1 c1 d2 c2 b", "a"),
	UP("8.7/19", "c2branch@head-1", "b", "c2", "c2"),
	DOWN("8.7/20", "base+2", "d2 d1", "d1 c1 d2 c2", "b"),
	DOWN("8.7/21", "c2branch@base+2", "d2 d1", "d2 c2", "d1"),
	DOWN("8.7/22", "c2", "d2 d1", "d2", "c2 d1"),
	DOWN("8.7/22", "c2branch@base+3", "d2 d1", "d2", "c2 d1"),
	DIFFERS("8.7/23", OP_DOWN, "-1", "d2 d1",
		"!\"-1\" is ambiguous: the database is at 2 revisions at once: d1, d2\n"
		"hint: say whose line you mean, such as \"d1@-1\"\n",
		NULL, AMBIGUOUS),
	DIFFERS("8.7/24", OP_DOWN, "-1", "c2 d1", "!2 revisions at once: c2, d1", NULL,
		AMBIGUOUS),
	DIFFERS("8.7/25", OP_DOWN, "-1", "d1 d2", "!2 revisions at once: d1, d2", NULL,
		AMBIGUOUS),
	DIFFERS("8.7/26", OP_DOWN, "-1", "c1 d2", "!2 revisions at once: c1, d2", NULL,
		AMBIGUOUS),
	DOWN("8.7/27", "c1branch@-1", "d1 d2", "d1", "c1 d2"),
	DOWN("8.7/28", "d2-1", "d2 c1", "d2", "c1 c2"),
	DOWN("8.7/29", "d2-1", "c1 d2", "d2", "c1 c2"),
	DOWN("8.7/30", "c1branch@b", "c1 d2", "c1", "d2"),
	DOWN("8.7/31", "c2branch@b", "c1 d2", "d2 c2", "c1"),
	DOWN("8.7/32", "c2@b", "d1 d2", "d2 c2", "d1"),
	DOWN("8.7/33", "d1@b", "d1 d2", "d1 c1", "d2"),
	DOWN("8.7/34", "c1branch@head-1", "d1 d2", "d1", "c1 d2"),
	UP("8.7/35", "c2branch@+1", "c1", "c2", "c1 c2"),
	UP("8.7/36", "c2branch@+1", "c1 c2", "d2", "c1 d2"),
	UP("8.7/37", "+1", "c1 c2", "!\"+1\" is ambiguous: the database is at 2 revisions",
		NULL),
	UP("8.7/38", "base+1", "", "a", "a"),
	UP("8.7/39", "+1", "", "a", "a"),
	DOWN("8.7/40", "-1", "a", "a", ""),
	DOWN("8.7/41", "-1", "", "!\"-1\" goes 1 further than base", NULL),
	DOWN("8.7/42", "c2", "d1 c2", "", "c2 d1"),
	DOWN("8.7/42", "d1", "d1 c2", "", "c2 d1"),
	/* a step back from one of two branches leaves the other, also where they part */
	DOWN("+/branches", "c1-1", "c1 d2", "c1", "d2"),
	DOWN("+/branches", "c1branch@-1", "c1 d2", "c1", "d2"),
	DOWN("+/branches", "c1branch@-2", "c1 d2", "d2 c2 c1 b", "a"),
	DOWN("+/branches", "c1branch@head", "c1 d2", "!cannot downgrade to d1", NULL),
	DOWN("+/branches", "heads", "d1 d2", "", "d1 d2"),
	STAMP("+/branches", "c1 d2", "b", "c1 d2"),
	STAMP("+/branches", "base", "d1 d2", ""),
	STAMP("+/branches", "heads", "c1", "d1 d2"),
};
static const struct graph_row cross_rows[] = {
	DOWN("8.7/75", "c2branch@b", "d1 d2", "d2 c2", "d1"),
	DOWN("8.7/76", "c1branch@b", "d1 d2", "d1 d2 c1", "c2"),
};

/* ---- merges --------------------------------------------------------------------------------
 */

static const struct graph_row merge_rows[] = {
	UP("8.7/43", "d1", "d2 b1", "c1 d1", "d1 d2"),
	DOWN("8.7/44", "b1", "d2 d1", "d1 c1", "b1 d2"),
};
static const struct graph_row merge3_rows[] = {
	UP("8.7/45", "d1", "d3 d2 b1", "c1 d1", "d1 d2 d3"),
	DOWN("8.7/46", "b1", "d3 d2 d1", "d1 c1", "b1 d2 d3"),
	UP("8.7/47", "d1", "d3 b2 b1", "c2 c1 d1", "d1 d3"),
	UP("8.7/47", "d2", "d3 d1", "d2", "d1 d2 d3"),
};
static const struct graph_row twin_rows[] = {
	STEPS("8.7/48", "b3 b1 b2 c2 d2 c1 d1", "a", "b3/b1 b3/b1 b2 b3/c2/d2/c1 d2/d1 d2"),
};
static const struct graph_row not_twin_rows[] = {
	STEPS("8.7/49", "b2 b3 c2 d2 b1 c1 d1", "a", "b2/b2 b3/c2/d2/b1 d2/c1 d2/d1 d2"),
};
static const struct graph_row merged_rows[] = {
	STAMP("8.7/67", "c2", "e", "c2"),
	STAMP("8.7/68", "a", "e", "a"),
	STAMP("8.7/69", "e", "c2", "e"),
	STAMP("8.7/70", "c2branch@head", "d1 c2", "f"),
	STAMP("8.7/71", "e", "d1 c2", "e"),
	STAMP("8.7/72", "e", "b", "e"),
	UP("8.7/73", "f", "b", "c2 d2 c1 d1 e f", "f"),
	DOWN("8.7/74", "b", "f", "f e d1 c1 d2 c2", "b"),
	/* steps at a merge */
	DOWN("+/merged", "-1", "e", "e", "d1 d2"),
	DOWN("+/merged", "e-1", "e", "e", "d1 d2"),
	DOWN("+/merged", "-1", "f", "f", "e"),
	DOWN("+/merged", "-2", "f", "f e", "d1 d2"),
	DOWN("+/merged", "e-1", "f", "f e", "d1 d2"),
	DOWN("+/merged", "-2", "e", "!\"-2\" is ambiguous: the way parts at e into d1, d2",
		NULL),
	DOWN("+/merged", "-3", "f", "!\"-3\" is ambiguous: the way parts at e into d1, d2",
		NULL),
	UP("+/merged", "e-1", "b", "c2 d2 c1 d1", "d1 d2"),
	STAMP("+/merged", "e-1", "f", "d1 d2"),
	DOWN("+/merged", "c2branch@-1", "e", "e", "d1 d2"),
	DOWN("+/merged", "d1", "f", "f e", "d1 d2"),
	DOWN("+/merged", "c2branch@b", "f", "f e d2 c2", "d1"),
};

/* ---- dependencies ---------------------------------------------------------------------------
 */

static const struct graph_row depends1_rows[] = {
	DOWN("8.7/50", "c1", "c2 d1", "d1", "c2"),
	STAMP("8.7/51", "b1", "e1 c2", "b1"),
};
static const struct graph_row depends2_rows[] = {
	DOWN("8.7/52", "b2", "amerge bmerge cmerge d1", "bmerge", "amerge b1 cmerge d1"),
	DOWN("8.7/53", "d1@base", "amerge d1 b1 cmerge", "d1", "amerge b1 b2 cmerge"),
	DOWN("8.7/54", "base", "amerge b1 b2 cmerge", "amerge a1 b1 b2 cmerge c1 a2 a3 c2 c3",
		""),
};
static const struct graph_row depends3_rows[] = {
	DOWN("8.7/55", "b1", "a3 b2", "b2", "a3"),
};
static const struct graph_row own_rows[] = {
	UP("8.7/56", "a2", "", "a1 a2", "a2"),
	DOWN("8.7/57", "a1", "a2", "a2", "a1"),
};
static const struct graph_row depends4_rows[] = {
	DOWN("8.7/58", "b3", "b4", "b4", "b3"),
};
static const struct graph_row depends5_rows[] = {
	UP("8.7/59", "b1", "a1", "b1", "b1"),
	UP("8.7/60", "bmerge", "b1", "bmerge", "bmerge"),
	DOWN("8.7/61", "a1", "bmerge", "bmerge", "b1"),
	DOWN("8.7/62", "b1", "bmerge", "bmerge", "b1"),
};
static const struct graph_row by_label_rows[] = {
	UP("8.7/63", "c2", "a2", "a1 b1 c1 b2 c2", "c2"),
};
static const struct graph_row forest_rows[] = {
	UP("8.7/64", "heads", "", "a2 b2 a1 b1", "b1 b2"),
	STAMP("8.7/65", "heads", "", "b1 b2"),
	STAMP("8.7/66", "heads", "b1 b2", "b1 b2"),
};

/* ---- which heads are recorded (8.8)
 * ---------------------------------------------------------- */

#define SET                                                                                    \
	"the applied set is recorded, not its heads: each step is one row, inserted or "       \
	"deleted"
#define TABLES "the bookkeeping tables are our own (docs/bookkeeping.md)"
#define RUN "tests/unit/test_run.c"

static const struct graph_row table_rows[] = {
	DIFFERS("8.8/1", OP_TEST, RUN, "", "\nnames_are_qualified(", NULL, TABLES),
	DIFFERS("8.8/2", OP_TEST, RUN, "", "\nnames_are_qualified(", NULL, TABLES),
	DIFFERS("8.8/3", OP_TEST, RUN, "", "\nnames_are_qualified(", NULL, TABLES),
	NONE("8.8/4", TABLES),
	NONE("8.8/5", TABLES),
	ROW("8.8/6", OP_TEST, "tests/cli/basics.bats",
		"\n@test \"current writes nothing into a database without bookkeeping\""),
	ROW("8.8/7", OP_TEST, RUN, "\nstate_of_a_database("),
	NONE("8.8/8", "a start is named for --sql alone, which never connects"),
	ROW("8.8/9", OP_TEST, "tests/cli/run.bats", "\n@test \"--sql ranges\""),
	GOAL("8.8/11", "current", "e1 e2", "e1 e2"),
	ROW("8.8/12", OP_TEST, "tests/cli/run.bats", "\n@test \"--sql ranges\""),
	ROW("8.8/13", OP_TEST, RUN, "\nstamp("),
	STEPS("8.8/14", "a", "", "a"),
	STEPS("8.8/15", "a b", "", "a/b"),
	STEPS("8.8/16", "-a", "a", ""),
	STEPS("8.8/17", "a b c d e1 e2", "", "a/b/b c/b d/b e1/b e1 e2"),
	DIFFERS("8.8/21", OP_TEST, RUN, "", "\ntwo_at_once(", NULL, SET),
	NONE("8.8/22", SET),
	DIFFERS("8.8/23", OP_TEST, RUN, "", "\ntwo_at_once(", NULL, SET),
	NONE("8.8/24", SET),
	NONE("8.8/25", SET),
	NONE("8.8/26", SET),
	NONE("8.8/27", SET),
	NONE("8.8/28", SET),
	NONE("8.8/29", TABLES),
};
static const struct graph_row single_rows[] = {
	DIFFERS("8.8/10", OP_ONE, "current", "a b",
		"!\"current\" is ambiguous: the database is at 2", NULL, NULL),
};
static const struct graph_row teardown_rows[] = {
	DIFFERS("8.8/18", OP_STEPS, "-d1 -d2 -c", "d1 d2", "d2/c/b", NULL,
		"c is no head as long as d2 stands on it"),
	STEPS("8.8/19", "e", "d1 d2", "e"),
	STEPS("8.8/20", "-e -d2", "e", "d1 d2/d1"),
};

static const struct graph_case cases[] = {
	GRAPH("a b<a c<b d<c e<d", linear_rows),
	GRAPH("aaaaaa bbbbbb<aaaaaa cccccc<bbbbbb", partial_rows),
	GRAPH("a b<a c1[c1branch]<b d1<c1 c2[c2branch]<b d2<c2", branched_rows),
	GRAPH("a b<a c1[c1branch]<b d1<c1 c2[c2branch]<b d2<c2~c1", cross_rows),
	GRAPH("a1 b1<a1 c1<b1 a2 b2<a2 c2<b2 d1<c1,c2 d2<c2", merge_rows),
	GRAPH("a1 b1<a1 c1<b1 a2 b2<a2 c2<b2 a3 b3<a3 c3<b3 d1<c1,c2,c3 d2<c2 d3<c3",
		merge3_rows),
	GRAPH("a b1<a b2<a b3<a c1<b1,b2,b3 d1<c1 c2<b1,b2,b3 d2<c2", twin_rows),
	GRAPH("a b1<a b2<a b3<a c1<b1,b2 d1<c1 c2<b2,b3 d2<c2", not_twin_rows),
	GRAPH("a b<a c1<b d1<c1 c2[c2branch]<b d2<c2 e<d1,d2 f<e", merged_rows),
	GRAPH("a1[lib1] b1<a1 c1<b1 d1<c1 e1<d1 f1<e1 a2 b2<a2 c2<b2~c1", depends1_rows),
	GRAPH("a1 a2 a3 amerge<a1,a2,a3 b1 b2 bmerge<b1,b2 c1 c2 c3 cmerge<c1,c2,c3 "
	      "d1~a3,b2,c1",
		depends2_rows),
	GRAPH("a1 a2<a1 a3<a2~b1 b1 b2<b1~a2 b3<b2", depends3_rows),
	GRAPH("a1 a2<a1~a1", own_rows),
	GRAPH("a1 a2<a1 a3<a2 b1 b2<b1~a3 b3<b2 b4<b3~a3", depends4_rows),
	GRAPH("a1 b1~a1 bmerge<a1,b1", depends5_rows),
	GRAPH("a1 b1<a1 c1[c1lib]<b1 a2 b2<a2 c2<b2~c1lib", by_label_rows),
	GRAPH("a1 b1<a1 a2 b2<a2", forest_rows),
	GRAPH("a b<a c<a d<c e1<d e2<d", table_rows),
	GRAPH("a b", single_rows),
	GRAPH("a b<a c<b d1<c d2<c e<d1,d2", teardown_rows),
};

static void
scenarios(void **state)
{
	(void)state;
	graph_cases(cases, SD_COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(scenarios) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
