# What the played tutorials share: `load tutorial_helpers` after `load helpers`.
#
# A story is written once and played on each engine, in a folder and on a database of its own.  The
# names in it ($engine, $url) and the functions here are all that an engine is to a story.

# each_engine STORY: SQLite, and PostgreSQL where SD_TEST_PG names a server.
each_engine() {
	local story=$1

	for engine in sqlite postgresql; do
		if [ "$engine" = postgresql ] && { [ -z "${SD_TEST_PG:-}" ] || ! command -v psql >/dev/null; }; then
			continue
		fi
		echo "engine: $engine" # bats shows it when the story fails
		mkdir "$engine"
		cd "$engine" || return 1
		database app
		new_project
		"$story"
		cd "$BATS_TEST_TMPDIR" || return 1
	done
}

# use NAME: the database that $db, $url and query() mean.  On a server it is called after the file, too:
# files run side by side.
use() {
	db=$1
	url="sqlite:$db.db"
	on_server="$(basename "$BATS_TEST_FILENAME" .bats)_$db"
	[ "$engine" = sqlite ] || url="${SD_TEST_PG/dbname=postgres/dbname=$on_server}"
}

# database NAME: the same, and it is empty; where a database is a file there is none yet.
database() {
	use "$1"
	if [ "$engine" = sqlite ]; then
		rm -f "$db.db"
	elif ! psql -Xq "$url" -c 'SET client_min_messages = error' -c 'DROP SCHEMA public CASCADE' \
		-c 'CREATE SCHEMA public' 2>/dev/null; then
		psql -Xq "$SD_TEST_PG" -c "CREATE DATABASE $on_server"
	fi
}

# new_project: a configuration for $url, and no files.  The server also has the scratch databases.
new_project() {
	local more=

	mkdir -p schemas migrations
	[ "$engine" = sqlite ] || more=", \"scratch_url\": \"$SD_TEST_PG\""
	printf '{ "environments": { "dev": { "url": "%s"%s } }, "default_environment": "dev" }\n' "$url" "$more" \
		>schemadiff.json
}

# schema: the schema file is what stands on stdin.
schema() {
	cat >schemas/app.json
}

# edit FROM TO…: replace texts in the schema file; each must be there.
edit() {
	python3 - schemas/app.json "$@" <<'END'
import sys
path, words = sys.argv[1], sys.argv[2:]
text = open(path).read()
for a, b in zip(words[::2], words[1::2]):
    assert a in text, f'"{a}" is not in {path}:\n{text}'
    text = text.replace(a, b)
open(path, "w").write(text)
END
}

# write ID [ARGS…]: autogenerate it; $script is its path.
write() {
	local id=$1

	shift
	ok autogenerate -m "to $id" --rev-id "$id" "$@"
	script=$out
}

# by_hand ID REVISES: a revision whose parts stand on stdin; $script is its path.
by_hand() {
	script=migrations/$1.sql
	{
		printf -- '-- by hand: %s\n--\n-- revision: %s\n' "$1" "$1"
		[ -z "$2" ] || printf -- '-- revises: %s\n' "$2"
		echo
		cat
	} >"$script"
}

# query SQL: one line a row, | between the values, NULL is nothing; in the database $db.
query() {
	if [ "$engine" = sqlite ]; then
		sqlite3 -bail "$db.db" "PRAGMA foreign_keys = ON" "$1"
	else
		psql -XAtq -v ON_ERROR_STOP=1 "$url" -c "$1"
	fi
}

# refused SQL: the database says no.
refused() {
	if query "$1" >/dev/null 2>&1; then
		echo "should have been refused: $1" >&2
		return 1
	fi
}

# rows SQL WANTED…: what the query gives, a word each row.
rows() {
	local sql=$1

	shift
	equal "$(query "$sql")" "$(printf '%s\n' "$@")"
}

# pipe: what was printed last, through the engine's own shell; $status, $err.
pipe() {
	printf '%s\n' "$out" >"$BATS_TEST_TMPDIR/.sql"
	status=0
	if [ "$engine" = sqlite ]; then
		err="$(sqlite3 "$db.db" 2>&1 >/dev/null <"$BATS_TEST_TMPDIR/.sql")" || status=$?
	else
		err="$(psql -Xq "$url" 2>&1 >/dev/null <"$BATS_TEST_TMPDIR/.sql")" || status=$?
	fi
}

# clean: every gate of check passes.
clean() {
	ok check
	hasnt "$out" FAIL
	has "$out" "ok    5  the database equals the schema files"
}

# at ID…: the database is there, in whatever order.
at() {
	ok current
	equal "$(cut -d' ' -f1 <<<"$out" | sort | xargs)" "$(printf '%s\n' "$@" | sort | xargs)"
}

# Three revisions with rows: one by hand, two generated from the file.
three_revisions() {
	schema <<-'END'
		{
		  "tables": {
		    "account": {
		      "columns": {
		        "id": { "type": "bigint", "identity": "by default", "primary_key": true },
		        "name": { "type": "text", "nullable": false }
		      }
		    }
		  }
		}
	END
	write aa01
	ok upgrade
	edit '"nullable": false }' '"nullable": false },
		        "email": { "type": "text", "index": true }'
	write aa02
	ok upgrade
	by_hand aa03 aa02 <<-'END'
		-- schemadiff:up
		-- schemadiff:expect-none a name has no letter
		SELECT name FROM account WHERE lower(name) = upper(name);
		UPDATE account SET email = lower(name) || '@example.org' WHERE email IS NULL;

		-- schemadiff:down
		UPDATE account SET email = NULL WHERE email LIKE '%@example.org';
	END
}

people="SELECT id, name, email FROM account ORDER BY id"
