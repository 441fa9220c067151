/* Alembic's facts about graphs and what people call revisions (inventory 8.6), and laws that
 * hold in any history. */
#include "graph_helper.h"

#include <time.h>

/* ---- lines, heads, bases ---------------------------------------------------------------- */

static const struct graph_row line_rows[] = {
	NONE("8.6/1", "an id is always text in C"),
	ROW("8.6/2", OP_HEADS, "", "c"),
	ROW("8.6/4", OP_ONE, "head", "c"),
	ROW("8.6/5", OP_ONE, "base", "base"),
	UP("8.6/11", "c c", "a", "b c", "c"),
	NONE("8.6/12", "there is no object to print; `show` is tested in tests/cli"),
};
static const struct graph_row line4_rows[] = { ROW("8.6/2", OP_HEADS, "", "d") };
static const struct graph_row fork_rows[] = {
	ROW("8.6/3", OP_HEADS, "", "c1 c2"),
	ROW("8.6/6", OP_ONE, "head", "!the history has 2 heads: c1, c2"),
	ROW("8.6/7", OP_ONE, "heads", "!the history has 2 heads: c1, c2"),
	GOAL("8.6/8", "head", "", "!the history has 2 heads: c1, c2"),
	GOAL("8.6/9", "heads", "", "c1 c2"),
};
static const struct graph_row fork4_rows[] = { ROW("8.6/3", OP_HEADS, "", "c2 d1") };
static const struct graph_row roots_rows[] = {
	ROW("8.6/10", OP_ONE, "base", "base"),
	ROW("8.6/10", OP_ROOTS, "", "a b"),
};
static const struct graph_row diamond_rows[] = {
	RANGE("8.6/13", "a:d", "", "a b1 b2 c d"),
};
static const struct graph_row empty_rows[] = {
	UP("8.6/14", "head", "", "", ""),
	RANGE("8.6/14", "base:head", "", ""),
};

/* ---- labels ----------------------------------------------------------------------------- */

#define SOME "a b somelongername c"
#define OTHER "d e someothername f"

static const struct graph_row label_twice_rows[] = {
	BAD("8.6/15", "!m/003.sql:4:11: error: the label \"xy1\" is here twice\n"
		      "m/001.sql:4:11: note: the other one is here\n"),
};
static const struct graph_row label_merge_rows[] = {
	GOAL("8.6/16", "c1branch@head", "", "d"),
	ROW("8.6/16", OP_LINE, "c1branch@head", "a b c1 c2 d"),
};
static const struct graph_row label_rows[] = {
	GOAL("8.6/17", "f@heads", "", "f"),
	DOWN("8.6/18", "somelongername@base", "c f", SOME, "f"),
	GOAL("8.6/19", "ebranch@head", "", "f"),
	ROW("8.6/20", OP_ROOTS, "", "a d"),
	DOWN("8.6/21", "ebranch@base", "c f", OTHER, "c"),
	DOWN("8.6/22", "abranch@base", "c f", SOME, "f"),
	UP("8.6/23", "ebranch@head", "", OTHER, "f"),
	UP("8.6/24", "abranch@head", "", SOME, "c"),
	RANGE("8.6/25", "ebranch@head:heads", "", "f"),
	RANGE("8.6/26", "ebranch@d:heads", "", OTHER),
	DOWN("8.6/27", "e@base", "c f", OTHER, "c"),
	DOWN("8.6/28", "c@base", "c f", SOME, "f"),
	RANGE("8.6/29", "ebranch@-2:heads", "c f", "e someothername f"),
	UP("8.6/30", "ebranch@+2", "", "d e", "e"),
	GOAL("8.6/31", "ebranch@some", "", "someothername"),
	GOAL("8.6/31", "abranch@some", "", "somelongername"),
	DIFFERS("8.6/32", OP_GOAL, "ebranch@sos", "",
		"!unknown revision \"sos\" in the line of \"ebranch\"", NULL,
		"no rule of four letters: any unique beginning of an id is one"),
	GOAL("8.6/33", "abranch@heads", "", "c"),
	GOAL("8.6/34", "abranch@head", "", "c"),
	GOAL("8.6/34", "abranch@base", "", "base"),
	GOAL("8.6/34", "ebranch@d", "", "d"),
	GOAL("8.6/35", "ebranch@ebranch", "", "e"),
	GOAL("8.6/36", "abranch", "", "a"),
	GOAL("8.6/36", "ebranch", "", "e"),
	GOAL("8.6/37", "ebranch@b", "", "!revision b is not in the line of \"ebranch\""),
	GOAL("8.6/37", "abranch@d", "", "!revision d is not in the line of \"abranch\""),
	GOAL("8.6/38", "e", "", "e"),
	DIFFERS("8.6/39", OP_GOAL, "abranch@qprstuv", "", "!unknown revision \"qprstuv\"", NULL,
		"no rule of four letters"),
	DIFFERS("8.6/39", OP_GOAL, "abranch@qpr", "", "!unknown revision \"qpr\"", NULL,
		"no rule of four letters"),
	GOAL("8.6/40", "e@d", "", "d"),
	GOAL("8.6/41", "someoth@d", "", "d"),
	GOAL("8.6/42", "x@d", "", "!unknown branch \"x\""),
	/* what Alembic has no scenario for */
	GOAL("+/words", "@d", "", "!expected a label or a revision before the @"),
	GOAL("+/words", "abranch@", "", "!expected a label or a revision before the @"),
	GOAL("+/words", "abr", "", "!unknown revision \"abr\"\nhint: `schemadiff history`"),
	GOAL("+/words", "ebranc", "", "!hint: did you mean \"ebranch\"?"),
	GOAL("+/words", "abranch@current", "b f", "b"),
	GOAL("+/words", "abranch@current", "f", "base"),
	GOAL("+/words", "current", "b f", "b f"),
	GOAL("+/words", "abranch@head-2", "", "b"),
	GOAL("+/words", "abranch@base+2", "", "b"),
	GOAL("+/words", "abranch@head-5", "", "!\"abranch@head-5\" goes 1 further than base"),
	GOAL("+/words", "abranch@-1", "c f", "somelongername"),
	GOAL("+/words", "heads-1", "", "!\"heads\" stands for 2 revisions: c, f"),
	GOAL("+/words", "+1", "c f", "!\"+1\" is ambiguous: the database is at 2 revisions"),
	GOAL("+/words", "+1", "", "!the way parts at base into a, d"),
};

/* ---- branches and merges ---------------------------------------------------------------- */

static const struct graph_row longshort_rows[] = {
	RANGE("8.6/43", "base:heads", "", "a b1 b2 c1 d11 d12"),
};
static const struct graph_row branches_rows[] = {
	RANGE("8.6/44", "a:d1d2cb2", "", "a b2 cb2 d1cb2 d2cb2 d1d2cb2"),
	RANGE("8.6/45", "a:d2cb2 d3cb2", "", "a b2 cb2 d2cb2 d3cb2"),
	RANGE("8.6/46", "a:d3cb2", "", "a b2 cb2 d3cb2"),
	RANGE("8.6/47", "base:d3cb2", "", "a b2 cb2 d3cb2"),
	UP("8.6/48", "d3cb2 cb1", "", "a b1 cb1 b2 cb2 d3cb2", "cb1 d3cb2"),
	RANGE("8.6/49", "b2:d1cb1 d2cb2 d3cb2", "", "b2 cb2 d2cb2 d3cb2"),
	DOWN("8.6/50", "d1cb1", "b1", "!cannot downgrade to d1cb1: it is not applied", NULL),
	DOWN("8.6/51", "b1", "d2cb2", "!cannot downgrade to b1: it is not applied", NULL),
	DOWN("8.6/52", "d1cb1", "", "!cannot downgrade to d1cb1: it is not applied", NULL),
	DOWN("8.6/53", "d1cb1", "", "!cannot downgrade to d1cb1: it is not applied", NULL),
};
static const struct graph_row effective_rows[] = {
	DOWN("8.6/54", "x@-1", "x2 y2", "x2", "y2"),
	DOWN("8.6/55", "x@-1", "x1 y2", "y2 x1", "y1"),
	DOWN("8.6/56", "x@-1", "y2", "y2 x1", "y1"),
	/* a head on which another depends */
	GOAL("+/effective", "heads", "", "x2 y2"),
	GOAL("+/effective", "x@current", "y2", "x1"),
	GOAL("+/effective", "-1", "y2", "y1"),
};
static const struct graph_row travel_rows[] = {
	UP("8.6/57", "merge", "db1", "e2b1 b2 cb2 db2 e2b2 merge", "merge"),
	RANGE("8.6/58", "a3:merge fe1b1", "",
		"a3 b1 cb1 db1 e1b1 fe1b1 e2b1 b2 cb2 db2 e2b2 merge"),
	RANGE("8.6/59", "a1:merge", "", "a1 a2 a3 b1 cb1 db1 e2b1 b2 cb2 db2 e2b2 merge"),
	RANGE("8.6/60", "b1:merge", "", "b1 cb1 db1 e2b1 merge"),
	RANGE("8.6/61", "a2:merge", "", "a2 a3 b1 cb1 db1 e2b1 b2 cb2 db2 e2b2 merge"),
	RANGE("8.6/62", "a1:merge fe1b1", "",
		"a1 a2 a3 b1 cb1 db1 e1b1 fe1b1 e2b1 b2 cb2 db2 e2b2 merge"),
	RANGE("8.6/63", "cb1 cb2:merge fe1b1", "",
		"cb1 db1 e1b1 fe1b1 e2b1 cb2 db2 e2b2 merge"),
	UP("8.6/64", "merge fe1b1", "cb1 cb2", "db1 e1b1 fe1b1 e2b1 db2 e2b2 merge",
		"fe1b1 merge"),
	DIFFERS("8.6/65", OP_UP, "db1 b2 fe1b1", "", "a1 a2 a3 b1 cb1 db1 e1b1 fe1b1 b2",
		"b2 fe1b1", "a set holds a revision once: overlapping targets are no mistake"),
	UP("8.6/66", "e2b1 b2 fe1b1", "", "a1 a2 a3 b1 cb1 db1 e1b1 fe1b1 e2b1 b2",
		"b2 e2b1 fe1b1"),
	UP("8.6/67", "fe1b1", "", "a1 a2 a3 b1 cb1 db1 e1b1 fe1b1", "fe1b1"),
	UP("8.6/68", "merge", "", "a1 a2 a3 b1 cb1 db1 e2b1 b2 cb2 db2 e2b2 merge", "merge"),
};

#define ALL_BASES "base1 a1a b1a a1b b1b base2 a2 b2 c2 d2 base3 a3 b3 mergeb3d2"

static const struct graph_row bases_rows[] = {
	UP("8.6/69", "heads", "", ALL_BASES, "b1a b1b mergeb3d2"),
	RANGE("8.6/70", "base:heads", "", ALL_BASES),
	RANGE("8.6/71", ":heads", "", ALL_BASES),
	DIFFERS("8.6/72", OP_RANGE, "a2 b2:c2", "", "a2 b2 c2", NULL,
		"a set holds a revision once: overlapping ends are no mistake"),
	UP("8.6/73", "heads", "c2", "base1 a1a b1a a1b b1b base3 a3 b3 d2 mergeb3d2",
		"b1a b1b mergeb3d2"),
	RANGE("8.6/74", "c2:heads", "", "c2 d2 mergeb3d2"),
	UP("8.6/75", "heads", "b2", "base1 a1a b1a a1b b1b base3 a3 b3 c2 d2 mergeb3d2",
		"b1a b1b mergeb3d2"),
	RANGE("8.6/76", "base3:b3", "", "base3 a3 b3"),
	UP("8.6/77", "b3 b2", "base3", "base2 a2 b2 a3 b3", "b2 b3"),
};

/* ---- dependencies ------------------------------------------------------------------------ */

#define ALL_ONE "base1 a1a b1a a1b b1b base2 a2 b2 c2 d2 base3 a3 b3"

static const struct graph_row cross_one_rows[] = {
	ROW("8.6/78", OP_HEADS, "", "b1a b1b b3 d2"),
	UP("8.6/79", "heads", "", ALL_ONE, "b1a b1b b3 d2"),
	DOWN("8.6/80", "base", "b1a b1b b3 d2", ALL_ONE, ""),
	DOWN("8.6/81", "d2", "b2", "!cannot downgrade to d2: it is not applied", NULL),
	DOWN("8.6/82", "d2", "b3", "!cannot downgrade to d2: it is not applied", NULL),
	UP("8.6/83", "b_2@head", "", "base2 a2 b2 base3 a3 c2 d2", "d2"),
	DOWN("8.6/84", "b_2@base", "d2", "d2 c2 b2 a2 base2", "a3"),
	UP("8.6/85", "b_3@head", "", "base3 a3 b3", "b3"),
	DOWN("8.6/86", "b_3@base", "b3", "b3 a3 base3", ""),
	UP("8.6/87", "b1b@head", "", "base1 a1b base3 a3 b1b", "b1b"),
	DOWN("8.6/88", "b1b@base", "b1b", "b1b a1b base1", "a3"),
	UP("8.6/89", "b_2@heads", "", "base2 a2 b2 base3 a3 c2 d2", "d2"),
	DOWN("8.6/90", "b_2@base", "b1a b1b b3 d2", "d2 c2 b2 a2 base2", "b1a b1b b3"),
	UP("8.6/91", "b_3@heads", "", "base3 a3 b3", "b3"),
	DOWN("8.6/92", "b_3@base", "b1a b1b b3 d2", "b1b d2 c2 b3 a3 base3", "a1b b1a b2"),
};
static const struct graph_row cross_two_rows[] = {
	ROW("8.6/93", OP_HEADS, "", "c1 d2 d3"),
	UP("8.6/94", "heads", "", "base1 a1 b1 c1 base2 a2 b2 c2 d2 base3 a3 b3 c3 d3",
		"c1 d2 d3"),
	UP("8.6/95", "b_2@head", "", "base1 base2 a2 b2 c2 d2", "d2"),
	UP("8.6/96", "b_3@head", "", "base1 base2 a2 b2 base3 a3 b3 c3 d3", "d3"),
	UP("8.6/97", "b_1@head", "", "base1 a1 b1 c1", "c1"),
	UP("8.6/98", "b_1@heads", "", "base1 a1 b1 c1", "c1"),
	UP("8.6/99", "b_2@heads", "", "base1 base2 a2 b2 c2 d2", "d2"),
	UP("8.6/100", "b_3@heads", "", "base1 base2 a2 b2 base3 a3 b3 c3 d3", "d3"),
};
static const struct graph_row cross_three_rows[] = {
	UP("8.6/101", "heads", "", "base1 a1 c2 c3 b1", "b1 c3"),
};
static const struct graph_row corrupt_rows[] = {
	ROW("8.6/102", OP_TEST, "tests/unit/test_graph.c", "\ncheck_large("),
	NONE("8.6/103", "a loaded history can't be changed, so that it can't be corrupted"),
};

/* ---- loops and cycles -------------------------------------------------------------------- */

static const struct graph_row loop_a_104[] = { BAD("8.6/104", "!\"a\" revises itself") };
static const struct graph_row loop_a_105[] = { BAD("8.6/105", "!\"a\" revises itself") };
static const struct graph_row loop_c_106[] = { BAD("8.6/106", "!\"c\" revises itself") };
static const struct graph_row loop_b_107[] = { BAD("8.6/107", "!\"b\" revises itself") };
static const struct graph_row loop_d_108[] = { BAD("8.6/108", "!\"d\" revises itself") };
static const struct graph_row loop_a_109[] = { BAD("8.6/109", "!\"a\" depends on itself") };
static const struct graph_row loop_a_110[] = { BAD("8.6/110", "!\"a\" depends on itself") };
static const struct graph_row loop_c_111[] = { BAD("8.6/111", "!\"c\" depends on itself") };
static const struct graph_row loop_b_112[] = { BAD("8.6/112", "!\"b\" depends on itself") };
static const struct graph_row loop_d_113[] = { BAD("8.6/113", "!\"d\" depends on itself") };
static const struct graph_row parent_and_dependency_rows[] = {
	UP("8.6/114", "heads", "", "user_foo user", "user"),
};
static const struct graph_row part_as_parent_rows[] = {
	UP("8.6/115", "heads", "", "user_foo user", "user"),
};
static const struct graph_row part_as_dependency_rows[] = {
	UP("8.6/116", "heads", "", "user_foo user", "user"),
};

#define ONLY_CYCLE "only the cycle itself is named, not what lies above or below it"
#define CYCLE "!m/000.sql:3:13: error: a cycle: a revises c revises b revises a\n"
#define DEP_CYCLE "!: error: a cycle: a depends on c revises b revises a\n"

static const struct graph_row cycle_117[] = { BAD("8.6/117", CYCLE) };
static const struct graph_row cycle_118[] = { BAD("8.6/118", CYCLE) };
static const struct graph_row cycle_119[] = {
	DIFFERS("8.6/119", OP_BAD, "", "", CYCLE, NULL, ONLY_CYCLE),
};
static const struct graph_row cycle_120[] = {
	DIFFERS("8.6/120", OP_BAD, "", "", "!a cycle: a revises c revises b revises a\n", NULL,
		ONLY_CYCLE),
};
static const struct graph_row cycle_121[] = { BAD("8.6/121", DEP_CYCLE) };
static const struct graph_row cycle_122[] = { BAD("8.6/122", DEP_CYCLE) };
static const struct graph_row cycle_123[] = {
	DIFFERS("8.6/123", OP_BAD, "", "", DEP_CYCLE, NULL, ONLY_CYCLE),
};
static const struct graph_row cycle_124[] = {
	DIFFERS("8.6/124", OP_BAD, "", "", DEP_CYCLE, NULL, ONLY_CYCLE),
};

/* ---- dependencies on what lies below ------------------------------------------------------
 */

#define NO_SHORT_LIST "edges stay as written: a closure over them needs no shorter list"

static const struct graph_row normal_rows[] = {
	DIFFERS("8.6/125", OP_EDGES, "b4", "", "b3 ~a3", NULL, NO_SHORT_LIST),
	DIFFERS("8.6/126", OP_EDGES, "b5", "", "b4 ~b4", NULL, NO_SHORT_LIST),
	DOWN("8.6/127", "b1@base", "b4", "b4 b3 b2 b1", "a3"),
	UP("8.6/128", "heads", "", "a1 a2 a3 b1 b2 b3 b4 b5", "b5"),
	RANGE("8.6/129", "a2:heads", "", "a2 a3 b2 b3 b4 b5"),
	UP("8.6/130", "heads", "a1", "a2 a3 b1 b2 b3 b4 b5", "b5"),
	UP("8.6/131", "b5", "", "a1 a2 a3 b1 b2 b3 b4 b5", "b5"),
};
static const struct graph_row normal_c_rows[] = {
	UP("8.6/132", "b5", "", "c1 a1 a2 a3 b1 b2 b3 b4 b5", "b5"),
};

/* ---- all defects at once, and labels that are inherited -----------------------------------
 */

static const struct graph_row defects_rows[] = {
	BAD("+/defects",
		"!m/001.sql:4:11: error: the label \"a\" is the id of a revision\n"
		"m/000.sql:2:14: note: the revision is here\n"
		"m/001.sql:3:13: error: revises \"aa\", and no script has that revision\n"
		"hint: did you mean \"a\"?\n"
		"m/002.sql:4:16: error: depends on \"lef\", and no script has that revision or "
		"label\nhint: the file may be on another branch, or not be in these folders\n"
		"m/003.sql:3:13: error: revision \"d\" revises itself\n"
		"m/004.sql:3:13: error: a cycle: e revises f depends on e\n"),
};

static const struct graph_case cases[] = {
	GRAPH("a b<a c<b", line_rows),
	GRAPH("a b<a c<b d<c", line4_rows),
	GRAPH("a b<a c1<b c2<b", fork_rows),
	GRAPH("a b<a c1<b c2<b d1<c1", fork4_rows),
	GRAPH("a b", roots_rows),
	GRAPH("a b1<a b2<a c<b1,b2 d<c", diamond_rows),
	GRAPH("", empty_rows),
	GRAPH("a b[xy1]<a c d[xy1]<c", label_twice_rows),
	GRAPH("a b<a c1[c1branch]<b c2<b d<c1,c2", label_merge_rows),
	GRAPH("a[abranch] b<a somelongername<b c<somelongername d e[ebranch]<d "
	      "someothername<e f<someothername",
		label_rows),
	GRAPH("a b1<a c1<b1 d11<c1 d12<c1 b2<a", longshort_rows),
	GRAPH("a b1<a cb1<b1 d1cb1<cb1 d2cb1<cb1 b2<a cb2<b2 d1cb2<cb2 d2cb2<cb2 d3cb2<cb2 "
	      "d1d2cb2<d1cb2,d2cb2",
		branches_rows),
	GRAPH("y1[y] y2<y1~x1 x1[x] x2<x1", effective_rows),
	GRAPH("a1 a2<a1 a3<a2 b1<a3 cb1<b1 db1<cb1 e1b1<db1 fe1b1<e1b1 e2b1<db1 b2<a3 cb2<b2 "
	      "db2<cb2 e2b2<db2 merge<e2b1,e2b2",
		travel_rows),
	GRAPH("base1 a1a<base1 b1a<a1a a1b<base1 b1b<a1b base2 a2<base2 b2<a2 c2<b2 d2<c2 "
	      "base3 "
	      "a3<base3 b3<a3 mergeb3d2<b3,d2",
		bases_rows),
	GRAPH("base1[b_1] a1a<base1 b1a<a1a a1b<base1 b1b<a1b~a3 base2[b_2] a2<base2 b2<a2 "
	      "c2<b2~a3 d2<c2 base3[b_3] a3<base3 b3<a3",
		cross_one_rows),
	GRAPH("base1[b_1] a1<base1 b1<a1 c1<b1 base2[b_2]~b_1 a2<base2 b2<a2 c2<b2 d2<c2 "
	      "base3[b_3] a3<base3 b3<a3 c3<b3~b2 d3<c3",
		cross_two_rows),
	GRAPH("base1 a1<base1 b1<a1 c2~a1 c3<c2", cross_three_rows),
	GRAPH("a", corrupt_rows),
	GRAPH("a<a", loop_a_104),
	GRAPH("a<a b<a", loop_a_105),
	GRAPH("a b<a c<b,c", loop_c_106),
	GRAPH("a b<a,b c<b d<b", loop_b_107),
	GRAPH("a b<a c<a d<b,c,d", loop_d_108),
	GRAPH("a~a", loop_a_109),
	GRAPH("a~a b<a", loop_a_110),
	GRAPH("a b<a c<b~c", loop_c_111),
	GRAPH("a b<a~b c<b d<b", loop_b_112),
	GRAPH("a b<a c<a d<b,c~d", loop_d_113),
	GRAPH("user_foo user<user_foo~user_foo", parent_and_dependency_rows),
	GRAPH("user_foo user<user_foo", part_as_parent_rows),
	GRAPH("user_foo user~user_foo", part_as_dependency_rows),
	GRAPH("a<c b<a c<b", cycle_117),
	GRAPH("a<c b<a c<b d e<d", cycle_118),
	GRAPH("a<c b<a c<b d<c e<d", cycle_119),
	GRAPH("d e<d a<c,e b<a c<b", cycle_120),
	GRAPH("a~c b<a c<b", cycle_121),
	GRAPH("a~c b<a c<b d e<d", cycle_122),
	GRAPH("a~c b<a c<b d<c e<d", cycle_123),
	GRAPH("d e<d a<e~c b<a c<b", cycle_124),
	GRAPH("a1 a2<a1 a3<a2 b1 b2<b1~a3 b3<b2 b4<b3~a3 b5<b4~b4", normal_rows),
	GRAPH("c1 a1 a2<a1~c1 a3<a2~c1 b1 b2<b1~a3 b3<b2 b4<b3~a3 b5<b4~b4", normal_c_rows),
	GRAPH("a b[a]<aa c<a~lef d<d e<f f~e", defects_rows),
};

static void
scenarios(void **state)
{
	(void)state;
	graph_cases(cases, SD_COUNT(cases));
}

/* A label is its revision's, that of all that descends from it, and of what comes before down
 * to where the line parts or meets another. */
static void
labels_are_inherited(void **state)
{
	static const struct {
		const char *revision, *labels;
	} rows[] = {
		{ "a", "" },
		{ "b", "" },
		{ "c1", "left" },
		{ "d1", "left" },
		{ "e1", "left" },
		{ "c2", "right" },
		{ "d2", "right" },
		{ "m", "left right" }, /* a merge: the label of n stops behind it */
		{ "n", "left right top" },
	};
	struct sd_arena *arena = sd_arena_new();
	struct graph *g = graph_new(
		arena, "a b<a c1<b d1[left]<c1 e1<d1 c2[right]<b d2<c2 m<e1,d2 n[top]<m");

	(void)state;
	assert_non_null(g->history);
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const struct sd_script *script = sd_history_find(g->history, rows[i].revision);

		assert_string_equal(graph_sorted(arena, &script->links.labels), rows[i].labels);
	}
	sd_arena_free(arena);
}

/* Lines are followed, ties broken by id, whatever the files are called. */
static void
order(void **state)
{
	static const struct {
		const char *spec, *order;
	} rows[] = {
		{ "a b<a c2<b d2<c2 c1<b d1<c1 e<d1,d2", "a b c1 d1 c2 d2 e" },
		{ "z1 z2<z1 a1 a2<a1", "a1 a2 z1 z2" },
		{ "a2<a1~z1 z1 a1 z2<z1", "a1 z1 z2 a2" },
		{ "lib1 lib2<lib1 app1 app2<app1~lib1 app3<app2", "app1 lib1 lib2 app2 app3" },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct graph *g = graph_new(arena, rows[i].spec);
		struct sd_buf text = SD_BUF(arena);

		for (size_t k = 0; k < g->history->scripts.n; k++)
			sd_buf_addf(&text, "%s%s", k ? " " : "",
				g->history->scripts.at[k]->revision);
		assert_string_equal(sd_buf_text(&text), rows[i].order);
	}
	sd_arena_free(arena);
}

/* An applied set with gaps: they are named, and an upgrade fills those below its target. */
static void
gaps(void **state)
{
	static const struct {
		const char *applied, *gaps, *target, *up;
	} rows[] = {
		{ "a b", "", "d", "c1 c2 d" },
		{ "a c1", "b", "c1", "b" },
		{ "d", "a b c1 c2", "b", "a b" },
		{ "a b c1 d x2", "c2 x1", "d", "c2" },
		{ "x2", "a b c2 x1", "x2", "a b c2 x1" },
		{ "gone a", "", "b", "b" },
	};
	struct sd_arena *arena = sd_arena_new();
	struct graph *g = graph_new(arena, "a b<a c1<b c2<b d<c1,c2 x1 x2<x1~c2");

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_names applied = graph_words(arena, rows[i].applied, " "), names;
		struct sd_scripts scripts = { 0 };

		sd_history_gaps(g->history, &applied, arena, &scripts);
		names = graph_names(arena, &scripts);
		assert_string_equal(graph_sorted(arena, &names), rows[i].gaps);
		scripts.n = 0;
		sd_history_upgrade(g->history, sd_history_find(g->history, rows[i].target),
			&applied, arena, &scripts);
		names = graph_names(arena, &scripts);
		assert_string_equal(graph_sorted(arena, &names), rows[i].up);
	}
	sd_arena_free(arena);
}

/* ---- laws, on a large map ------------------------------------------------------------------
 */

#define LARGE 140

static unsigned
next_random(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 12;
}

/* A history like those of large projects: a long trunk, branches of some revisions, merges, a
 * few lines of their own with dependencies across. */
static const char *
large_map(struct sd_arena *arena, unsigned seed, unsigned n)
{
	struct sd_buf spec = SD_BUF(arena);

	for (unsigned i = 0; i < n; i++) {
		unsigned kind = next_random(&seed) % 20, near = i < 6 ? i : 6;

		sd_buf_addf(&spec, " r%03u", (i * 37) % n); /* ids in no order */
		if (!i || kind == 0)
			continue; /* a root */
		sd_buf_addf(&spec, "<r%03u", ((i - 1 - next_random(&seed) % near) * 37) % n);
		if (kind < 5 && i > 6)
			sd_buf_addf(&spec, ",r%03u", ((i - 7) * 37) % n);
		if (kind == 6)
			sd_buf_addf(&spec, "~r%03u", (next_random(&seed) % i * 37) % n);
	}
	return sd_buf_text(&spec);
}

/* Whether @a needs @b, the slow way. */
static bool
needs(const struct sd_script *a, const struct sd_script *b, bool *seen)
{
	const struct sd_scripts *below[] = { &a->links.parents, &a->links.needs };

	if (a == b)
		return true;
	if (seen[a->links.index])
		return false;
	seen[a->links.index] = true;
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < below[k]->n; i++)
			if (needs(below[k]->at[i], b, seen))
				return true;
	return false;
}

static bool
above(struct graph *g, const struct sd_script *a, const struct sd_script *b)
{
	return needs(a, b, sd_new_array(g->arena, g->history->scripts.n, bool));
}

/* Up to any revision runs it and what it needs, each behind what it needs; down to it undoes
 * what descends from it; down again and up again is where it was; heads say it all. */
static void
check_large(struct graph *g)
{
	const struct sd_scripts *all = &g->history->scripts;
	struct sd_names everything = graph_names(g->arena, all), none = { 0 }, tips = { 0 };

	sd_history_tips(g->history, &everything, g->arena, &tips);
	assert_int_equal(
		graph_applied(g, graph_sorted(g->arena, &tips)).n, g->history->scripts.n);
	graph_check_order(all, false);
	for (size_t i = 0; i < all->n; i++) {
		struct sd_scripts up = { 0 }, down = { 0 }, again = { 0 };
		struct sd_names left;

		sd_history_upgrade(g->history, all->at[i], &none, g->arena, &up);
		graph_check_order(&up, false);
		for (size_t k = 0, n = 0; k < all->n; k++) {
			bool runs = n < up.n && up.at[n] == all->at[k];

			assert_int_equal(runs, above(g, all->at[i], all->at[k]));
			n += runs;
		}
		assert_int_equal(sd_history_downgrade(g->history, all->at[i], &everything,
					 g->arena, &g->diags, &down),
			SD_OK);
		graph_check_order(&down, true);
		left = graph_run(g, &everything, &down, true);
		for (size_t k = 0; k < down.n; k++)
			assert_true(
				above(g, down.at[k], all->at[i]) && down.at[k] != all->at[i]);
		sd_history_gaps(g->history, &left, g->arena, &again);
		assert_int_equal(again.n, 0);
		sd_history_upgrade(g->history, NULL, &left, g->arena, &again);
		assert_int_equal(again.n, down.n);
	}
}

static void
large(void **state)
{
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (unsigned seed = 1; seed <= 4; seed++) {
		struct graph *g = graph_new(arena, large_map(arena, seed, LARGE));

		if (!g->history)
			fail_msg("%s", graph_said(g));
		assert_true(g->history->heads.n > 1);
		check_large(g);
	}
	sd_arena_free(arena);
}

static const char *
path_as_id(const struct sd_tree *tree, const char *path, struct sd_arena *arena)
{
	(void)tree;
	return sd_strdup(arena, path);
}

/* Scripts that a tree keeps belong to the graph of each history that is loaded from it. */
static void
kept_scripts(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct graph *g = graph_new(arena, "a b[left]<a c<b~a");
	struct sd_names dirs = { 0 };
	struct sd_map kept = { 0 };

	(void)state;
	g->tree.id = path_as_id;
	g->tree.kept = &kept;
	*sd_push(arena, &dirs) = "m";
	for (int i = 0; i < 4; i++) {
		struct sd_history *history =
			(i % 2 ? sd_history_load : sd_history_load_headers)(
				&g->tree, &dirs, false, &sd_dialect_sqlite, arena, &g->diags);
		const struct sd_script *a, *b;

		assert_non_null(history);
		a = sd_history_find(history, "a");
		b = sd_history_find(history, "b");
		assert_int_equal(history->heads.n, 1);
		assert_int_equal(a->links.children.n, 1);
		assert_ptr_equal(a->links.children.at[0], b);
		assert_int_equal(a->links.needed_by.n, 1);
		assert_ptr_equal(b->links.parents.at[0], a);
		assert_int_equal(b->links.labels.n, 1);
		assert_int_equal(a->up.present, i % 2); /* headers have no parts */
	}
	sd_arena_free(arena);
}

/* Seconds of processor time that it takes to load a large map and to ask it everything once. */
static double
seconds(unsigned n)
{
	struct sd_arena *arena = sd_arena_new();
	const char *spec = large_map(arena, 1, n);
	clock_t start = clock();
	struct graph *g = graph_new(arena, spec);
	struct sd_names applied = { 0 }, tips = { 0 };
	struct sd_scripts run = { 0 };
	struct sd_goal goal;

	assert_non_null(g->history);
	assert_int_equal(sd_history_goal(g->history, "heads", NULL, &g->diags, &goal), SD_OK);
	assert_int_equal(
		sd_history_up(g->history, &goal, &applied, arena, &g->diags, &run), SD_OK);
	applied = graph_names(arena, &run);
	assert_int_equal(applied.n, n);
	sd_history_tips(g->history, &applied, arena, &tips);
	run.n = 0;
	goal = (struct sd_goal){ 0 };
	assert_int_equal(
		sd_history_down(g->history, &goal, &applied, arena, &g->diags, &run), SD_OK);
	assert_int_equal(run.n, n);
	sd_arena_free(arena);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* Eight times as many revisions take eight times as long, and not sixty-four times. */
static void
time_is_linear(void **state)
{
	double few = 1e9, many = 1e9;

	(void)state;
	for (int i = 0; i < 3; i++) {
		double a = seconds(2501), b = seconds(20008);

		few = a < few ? a : few;
		many = b < many ? b : many;
	}
	if (many > 24 * few)
		fail_msg("2,501 revisions: %g s, 20,008: %g s", few, many);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scenarios),
		cmocka_unit_test(labels_are_inherited),
		cmocka_unit_test(order),
		cmocka_unit_test(gaps),
		cmocka_unit_test(large),
		cmocka_unit_test(kept_scripts),
		cmocka_unit_test(time_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
