/* The floor: open the database, read all of its catalog, parse nothing. */
#include <sqlite3.h>
#include <stddef.h>

int
main(int argc, char **argv)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;
	long bytes = 0;

	if (argc != 2 ||
		sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
		sqlite3_prepare_v2(db, "SELECT type, name, tbl_name, sql FROM sqlite_master",
			-1, &stmt, NULL) != SQLITE_OK)
		return 1;
	while (sqlite3_step(stmt) == SQLITE_ROW)
		bytes += sqlite3_column_bytes(stmt, 3);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return bytes == 0;
}
