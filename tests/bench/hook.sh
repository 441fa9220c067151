# The hook against what git itself takes: to tell what is staged, and to print the staged files.  A part of
# run.sh, whose projects, functions and variables it uses.

cat >"$work/staged" <<'END'
#!/bin/sh
git diff --cached --quiet && exit 1
git ls-files -s schemas sqlite 's*.json' | cut -c8-47 | git cat-file --batch
END
chmod +x "$work/staged"

# A branch with a commit of its own, and one schema file that is staged in other white space.
stage() {
  git init -q -b main
  echo '/*.db*' >.gitignore
  git add -A && git -c user.name=b -c user.email=b@c commit -qm all && git gc -q
  git checkout -qb feature
  for file in schemas/*.json; do break; done
  echo >>"$file"
  git add -A
}

# NUMBER THINGS: a line of the table for the project in the working directory.
hook_row() {
  "$program" -c sqlite.json hook run >out 2>&1 || { echo "the hook fails for $1 $2"; cat out; exit 1; }
  "$work/measure" 9 "$work/staged" -- "$program" -c sqlite.json hook run >"$work/times"
  { read -r floor_ms _ && read -r hook_ms hook_kib; } <"$work/times"
  time_ratio=$(ratio "$hook_ms" "$floor_ms")
  printf '%14s %9s %9s %6s %10s\n' "$1 $2" "$floor_ms" "$hook_ms" "$time_ratio" "$hook_kib"
  judge "hook.$2.$1" "$time_ratio" up
}

# FOLDER N: a project of one table with a history of N scripts.
long_history() {
  mkdir -p "$1/schemas" "$1/sqlite" && cd "$1"
  echo '{ "dialects": ["sqlite"], "schemas": ["schemas"], "migrations": ["sqlite"] }' >sqlite.json
  echo '{ "tables": { "t": { "columns": { "id": { "type": "integer", "primary_key": true } } } } }' >schemas/t.json
  awk -v n="$2" 'BEGIN { for (i = 1; i < n; i++) {
    file = sprintf("sqlite/%04d.sql", i)
    parent = i > 1 ? sprintf("-- revises: %012x\n", i - 1) : ""
    printf("-- step %d\n-- revision: %012x\n%s\n-- schemadiff:up\nCREATE INDEX ix_%d ON t (id);\n\n-- schemadiff:down\n"\
      "DROP INDEX ix_%d;\n", i, i, parent, i, i) >file
    close(file) } }'
  "$program" -q -c sqlite.json revision -m last
}

echo
printf '%14s %9s %9s %6s %10s\n' hook 'git ms' 'hook ms' ratio 'hook KiB'
for n in $sizes; do
  cd "$work/$n"
  stage
  hook_row "$n" tables
done
long_history "$work/history" "${SCRIPTS:-2000}" >/dev/null
stage
hook_row "${SCRIPTS:-2000}" scripts
echo "targets: under 50 ms at 1,000 tables; a script that is the same on the branches compared is read once"
