#!/usr/bin/env bash
# The pages of `schemadiff diff --format html` in headless Chromium: those of the golden pairs,
# and one of many tables.  Skipped, in so many words, where there is no Chromium.
#
#   run.sh PROGRAM             SHOTS=FOLDER keeps pictures
set -eu
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
program="$1"
pairs="$here/../golden-diff"
unset DATABASE_URL SCHEMADIFF_URL

if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null; then
	echo "skipped: there is no Chromium here (Debian's package is called chromium)"
	exit 0
fi
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

page() { # NAME ENGINE FROM INTO: exit 0 and 1 both give a page
	local status=0

	mkdir "$work/$1-$2"
	"$program" diff --dialect "$2" --from "$3" --to "$4" --format html \
		>"$work/$1-$2/page.html" 2>"$work/err" || status=$?
	if [ "$status" -gt 1 ]; then
		cat "$work/err" >&2
		exit 1
	fi
}

for case in "$pairs"/*/; do
	name="$(basename "$case")"
	case "$name" in
	sqlite-*) engines=sqlite ;;
	pg-*) engines=postgresql ;;
	*) engines="sqlite postgresql" ;;
	esac
	for engine in $engines; do page "$name" "$engine" "$case/from.json" "$case/into.json"; done
done
python3 - >"$work/many.json" <<'END'
import json
columns = {f"column_{c}": {"type": "varchar(40)", "nullable": False} for c in range(4)}
columns["a_name_of_sixty_letters_without_any_place_to_break_the_line_a"] = {"type": "text"}
print(json.dumps({"tables": {f"a_table_with_a_long_name_{t:03}": {"columns": columns}
                             for t in range(40)}}))
END
page many sqlite empty "$work/many.json"
python3 "$here/page.py" "$work"/*/page.html
