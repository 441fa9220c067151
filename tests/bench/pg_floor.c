/* The floor on PostgreSQL: connect, send the bare catalog queries in one message, read every row,
 * parse nothing.    pg_floor CONNINFO */
#include <libpq-fe.h>
#include <stdio.h>

static const char *const queries[] = {
	"SELECT oid, nspname FROM pg_namespace",
	"SELECT oid, relname, relnamespace, relkind, relpersistence, relam, reltablespace, reloptions, "
	"relreplident, relispartition, reloftype FROM pg_class WHERE oid >= 16384 AND relkind IN "
	"('r', 'p', 'S', 'i', 'v', 'm', 'f')",
	"SELECT attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attcollation, attidentity, "
	"attgenerated, attstorage, attstattarget FROM pg_attribute WHERE attrelid >= 16384 AND "
	"attnum > 0 AND NOT attisdropped",
	"SELECT adrelid, adnum, pg_get_expr(adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE adrelid "
	"END) FROM pg_attrdef d JOIN pg_attribute a ON attrelid = adrelid AND attnum = adnum WHERE "
	"adrelid >= 16384",
	"SELECT conrelid, conname, contype, conkey, confrelid, confkey, confupdtype, confdeltype, "
	"confmatchtype, condeferrable, condeferred, convalidated, conindid, CASE WHEN contype = 'c' "
	"THEN pg_get_expr(conbin, conrelid) END FROM pg_constraint WHERE conrelid >= 16384",
	"SELECT indexrelid, indrelid, indkey, indclass, indoption, indcollation, indisunique, "
	"indisprimary, indisvalid, indnkeyatts FROM pg_index WHERE indrelid >= 16384",
	"SELECT oid, typname, typnamespace, typtype, typelem FROM pg_type WHERE oid >= 16384",
	"SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder",
	"SELECT seqrelid, seqtypid, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle FROM "
	"pg_sequence",
	"SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype FROM pg_depend "
	"WHERE refobjid >= 16384 AND deptype IN ('a', 'i', 'e')",
	"SELECT objoid, classoid, objsubid, description FROM pg_description WHERE objoid >= 16384",
	"SELECT inhrelid, inhparent FROM pg_inherits",
	"SELECT tgrelid, tgname FROM pg_trigger WHERE NOT tgisinternal",
	"SELECT ev_class, rulename FROM pg_rewrite WHERE ev_class >= 16384",
};

enum { N = sizeof queries / sizeof *queries };

static long
read_all(PGconn *conn)
{
	PGresult *result;
	long bytes = 0;

	while ((result = PQgetResult(conn)) != NULL) {
		for (int row = 0; row < PQntuples(result); row++)
			for (int i = 0; i < PQnfields(result); i++)
				bytes += PQgetlength(result, row, i);
		if (PQresultStatus(result) == PGRES_FATAL_ERROR)
			fprintf(stderr, "%s", PQresultErrorMessage(result));
		PQclear(result);
	}
	return bytes;
}

int
main(int argc, char **argv)
{
	PGconn *conn = argc == 2 ? PQconnectdb(argv[1]) : NULL;
	long bytes = 0;

	if (!conn || PQstatus(conn) != CONNECTION_OK || !PQenterPipelineMode(conn))
		return 1;
	for (int i = 0; i < N; i++)
		PQsendQueryParams(conn, queries[i], 0, NULL, NULL, NULL, NULL, 0);
	PQpipelineSync(conn);
	for (int i = 0; i < N; i++)
		bytes += read_all(conn);
	PQfinish(conn);
	return bytes == 0;
}
