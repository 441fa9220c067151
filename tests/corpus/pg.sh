#!/usr/bin/env bash
# Databases that nobody here wrote, taken through the main job on PostgreSQL and judged by what is not
# schemadiff: pg_dump where it goes with the server (Debian's, up to its own version), and on every
# server one query over the catalogs (pg_catalog.sql).      pg.sh PROGRAM FOLDER [SERVER_VERSION…]
#
# FOLDER holds chinook-postgresql.sql and pagila-schema.sql. Zabbix's schema comes from Debian's package;
# when it can't be downloaded it is skipped, and that is said. Before them comes one of our own in the manner
# of real ones (own.sql), and with - for FOLDER it is all: `make check-oracle`. Of each:
#   - the file that `inspect` writes is clean against the database, and builds the same schema elsewhere;
#   - each change of pg_changes.py, in the plain and in the online form: the schema after `upgrade` is that of
#     a database built from DDL that was edited by hand, every row has the values it should have, the script
#     announces what it loses and nothing else; after `downgrade` schema and rows are what they were.
# An expression counts as equal when it is after the server has been given its own spelling of it once more.
#
# ONLY='part of a name' runs what has it in its name; ONLINE=0 or 1 one form; KEEP=FOLDER keeps what failed.
set -u
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
corpus=${2:?usage: pg.sh PROGRAM FOLDER [SERVER_VERSION…]}
[ "$corpus" = - ] || corpus=$(cd "$corpus" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
shift 2
[ $# -gt 0 ] || set -- ''
status=0
for version in "$@"; do
  work=$(mktemp -d)
  [ -z "$version" ] || echo "PostgreSQL $version"
  "$here/../pg/with_server.sh" $version python3 "$here/pg_oracle.py" "$program" "$corpus" "$work" ${ONLY:+"$ONLY"} || status=1
  [ -z "${KEEP:-}" ] || [ ! -d "$work/failed" ] || { mkdir -p "$KEEP" && cp -r "$work/failed/." "$KEEP"; }
  rm -rf "$work"
done
exit $status
