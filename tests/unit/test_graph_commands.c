/* Alembic's facts about its commands (inventory 8.9): those about graphs as rows, the others by
 * the name of the test that shows them here. */
#include "graph_helper.h"

#define HISTORY "tests/cli/history.bats"
#define RUN "tests/cli/run.bats"
#define BASICS "tests/cli/basics.bats"
#define CMD "tests/unit/test_cmd.c"

#define NO_SCRIPT "there is no script of an environment that could run"
#define STAMP_SQL "tests/cli/stamp.bats"
#define STRICT "a target that another one needs is refused"
#define KEY "a revision is the primary key of its table, always"

static const struct graph_row history_rows[] = {
	RANGE("8.9/1", ":heads", "", "a b c"),
	NONE("8.9/2", NO_SCRIPT),
	RANGE("8.9/3", "a:b", "", "a b"),
	NONE("8.9/4", NO_SCRIPT),
	RANGE("8.9/5", ":b", "", "a b"),
	RANGE("8.9/6", "a:heads", "", "a b c"),
	NONE("8.9/7", NO_SCRIPT),
	TEST("8.9/8", CMD, "\"history -r aaaa:+1\""),
	TEST("8.9/9", CMD, "\"history -r-1:head\""),
	TEST("8.9/10", CMD, "\"history -r-99:bbbb\""),
	RANGE("8.9/11", "current:heads", "b", "b c"),
	RANGE("8.9/12", "current:heads", "", "a b c"),
	NONE("8.9/13", NO_SCRIPT),
	TEST("8.9/14", HISTORY, "ok history -i\n"),
	TEST("8.9/15", HISTORY, "\n@test \"merge joins heads, and refuses what is none\""),
	TEST("8.9/16", HISTORY, "\n@test \"merge joins heads, and refuses what is none\""),
};
static const struct graph_row current_rows[] = {
	TEST("8.9/17", BASICS,
		"\n@test \"current writes nothing into a database without bookkeeping\""),
	CURRENT("8.9/18", "", ""),
	CURRENT("8.9/19", "a3", "a3"),
	CURRENT("8.9/20", "a1 b1", "a1 b1"),
	CURRENT("8.9/21", "b2", "a2 b2"),
	CURRENT("8.9/22", "b3", "a2 b3"),
	/* --check-heads: what an upgrade to all heads would run */
	UP("8.9/23", "heads", "a3 b3", "", "a3 b3"),
	UP("8.9/24", "heads", "a2", "a3 b1 b2 b3", "a3 b3"),
	UP("8.9/25", "heads", "a3", "b1 b2 b3", "a3 b3"),
	UP("8.9/26", "heads", "b3", "a3", "a3 b3"),
	UP("8.9/27", "heads", "a2 b3", "a3", "a3 b3"),
	UP("8.9/28", "heads", "a3 b2", "b3", "a3 b3"),
};
static const struct graph_row revision_rows[] = {
	TEST("8.9/29", BASICS, "\n@test \"revision, history, show, heads\""),
	TEST("8.9/30", "tests/cli/autogenerate.bats",
		"\n@test \"the same input gives the same bytes\""),
	TEST("8.9/31", "tests/cli/autogenerate.bats",
		"\n@test \"a database that is not at head is refused\""),
	TEST("8.9/32", HISTORY, "for words in \"autogenerate -m x\""),
	TEST("8.9/33", HISTORY, "\"revision -m x\""),
	TEST("8.9/34", HISTORY, "for words in \"autogenerate -m x\""),
	TEST("8.9/35", HISTORY, "\"revision -m x\""),
	NONE("8.9/36", KEY),
	NONE("8.9/37", KEY),
	TEST("8.9/38", HISTORY,
		"\n@test \"revision: head, splice, label, dependency, folder\""),
	TEST("8.9/39", HISTORY,
		"\n@test \"autogenerate goes on behind a merge, once that is applied\""),
	TEST("8.9/40", HISTORY, "--depends-on left --depends-on bb"),
	TEST("8.9/41", HISTORY, "-- depends-on: left, bbbb1"),
	TEST("8.9/42", HISTORY, "-- depends-on: left, bbbb1"),
	TEST("8.9/43", HISTORY, "\"--depends-on nope\""),
	TEST("8.9/44", HISTORY,
		"\n@test \"autogenerate goes on behind a merge, once that is applied\""),
	NONE("8.9/45", NO_SCRIPT),
	NONE("8.9/46", NO_SCRIPT),
	NONE("8.9/47", NO_SCRIPT),
	TEST("8.9/48", "tests/cli/check.bats",
		"\n@test \"all is well: exit 0, a line a gate\""),
	DIFFERS("8.9/49", OP_TEST, "tests/cli/check.bats", "",
		"\n@test \"drift: exit 1 and what differs\"", NULL,
		"exit 1 means differences and nothing else"),
	NONE("8.9/50", "one run, one database: `-e NAME` chooses it"),
	NONE("8.9/51", "one run, one database: `-e NAME` chooses it"),
};
static const struct graph_row stamp_roots_rows[] = {
	STAMP("8.9/52", "heads", "", "c1 c2"),
	STAMP("8.9/53", "c1@head", "", "c1"),
};
static const struct graph_row stamp_rows[] = {
	STAMP("8.9/54", "heads", "", "c e f"),
	DIFFERS("8.9/55", OP_TEST, HISTORY, "", "sd stamp c1 d1", NULL, STRICT),
	DIFFERS("8.9/56", OP_TEST, STAMP_SQL, "", "sd stamp --sql base:aaa1 base:ddd4", NULL,
		STRICT),
	DIFFERS("8.9/57", OP_TEST, HISTORY, "", "sd stamp c1 d1", NULL, STRICT),
	STAMP("8.9/58", "e f", "a", "e f"),
	STAMP("8.9/59", "e f", "e f", "e f"),
	STAMP("8.9/60", "c e f", "b", "c e f"),
	STAMP("8.9/61", "heads", "b", "c e f"),
	TEST("8.9/62", STAMP_SQL, "sd stamp --sql aaa1:bbb2 ccc3:ddd4"),
	TEST("8.9/63", CMD, "\"stamp --purge head --url sqlite:app.db\""),
	TEST("8.9/64", STAMP_SQL, "sd stamp --sql --purge aaa1"),
};
static const struct graph_row offline_rows[] = {
	TEST("8.9/65", RUN, "\n@test \"--sql ranges\""),
	TEST("8.9/66", RUN, "\n@test \"--sql ranges\""),
	TEST("8.9/67", RUN, "\n@test \"--sql ranges\""),
	TEST("8.9/68", STAMP_SQL, "stamp --sql heads:base"),
	TEST("8.9/69", HISTORY, "ok downgrade --sql heads:billing@b1"),
	TEST("8.9/70", RUN,
		"\n@test \"--sql never connects, and its output goes through the shell\""),
	TEST("8.9/71", HISTORY, "ok upgrade --sql base:heads"),
	TEST("8.9/72", STAMP_SQL, "stamp --sql aaa1:heads"),
	TEST("8.9/73", RUN, "\n@test \"targets: partial ids, +N, base\""),
	NONE("8.9/74", "there are no calls with keywords"),
	NONE("8.9/75", "there are no calls with keywords"),
	DIFFERS("8.9/76", OP_TEST, HISTORY, "", "sd stamp c1 d1", NULL, STRICT),
	TEST("8.9/77", CMD, "\ntest_stamp("),
	STAMP("8.9/78", "b", "a", "b"),
	STAMP("8.9/79", "a", "b", "a"),
	STAMP("8.9/80", "b", "b", "b"),
	TEST("8.9/81", HISTORY,
		"\n@test \"edit opens the script, and says when it is applied\""),
	TEST("8.9/82", HISTORY, "ok edit users@head"),
	TEST("8.9/83", HISTORY, "sd edit base"),
	TEST("8.9/84", HISTORY, "sd edit current"),
	TEST("8.9/85", HISTORY, "ok edit current"),
	TEST("8.9/86", CMD, "\ntest_usage("),
	DIFFERS("8.9/87", OP_TEST, CMD, "", "\ntest_usage(", NULL,
		"one configuration, in JSON"),
	DIFFERS("8.9/88", OP_TEST, BASICS, "",
		"\n@test \"environments and variables choose the database\"", NULL,
		"one configuration, in JSON"),
	TEST("8.9/89", BASICS,
		"\n@test \"every command that the help lists has help of its own\""),
	DIFFERS("8.9/90", OP_TEST, BASICS, "", "\n@test \"init overwrites nothing\"", NULL,
		"a folder with files in it is as good: what exists is kept"),
	TEST("8.9/91", BASICS, "\n@test \"init writes a project whose first steps work\""),
	TEST("8.9/92", BASICS, "\n@test \"environments and variables choose the database\""),
	TEST("8.9/93", BASICS, "\n@test \"environments and variables choose the database\""),
	TEST("8.9/94", BASICS, "\n@test \"environments and variables choose the database\""),
	NONE("8.9/95", "paths in the configuration are relative to it"),
	TEST("8.9/96", CMD, "\ntest_init("),
	TEST("8.9/97", CMD, "\ntest_init("),
	NONE("8.9/98", "there are no packages"),
	NONE("8.9/99", "a project has one shape"),
	NONE("8.9/100", "one configuration, in JSON"),
	NONE("8.9/101", "a project has one shape"),
	TEST("8.9/102", CMD, "--version"),
	TEST("8.9/103", HISTORY, "\n@test \"ensure-version creates the tables once\""),
	TEST("8.9/104", HISTORY, "ok ensure-version --json"),
	TEST("8.9/105", HISTORY, "ok ensure-version --sql"),
};

static const struct graph_case cases[] = {
	GRAPH("a b<a c<b", history_rows),
	GRAPH("a1 a2<a1 a3<a2 b1 b2<b1~a2 b3<b2", current_rows),
	GRAPH("a", revision_rows),
	GRAPH("a1 c1<a1 a2 c2<a2", stamp_roots_rows),
	GRAPH("a b<a c<b d<b e<d f<d", stamp_rows),
	GRAPH("a b<a c<b", offline_rows),
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
