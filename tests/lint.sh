#!/usr/bin/env bash
# The rules of the house that a machine can check: layering, lengths, banned calls.
# shellcheck disable=SC2086 # lists of files are split on purpose
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0

verdict() { # NAME < offending lines
  local found
  found=$(cat)
  if [ -z "$found" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf '%s:\n%s\n' "$1" "$found"
  fi
}

sources() { git ls-files -- "$@"; }

includes() { # PATTERN FILES… : own includes that match
  local pattern=$1
  shift
  sources "$@" | xargs -r grep -nE "#include \"($pattern)/" /dev/null
}

verdict 'core/base includes nothing of ours' < <(includes 'cmd|introspect|diff|render|core/(sql|schema|db|history|config|git)' 'core/base/*')
verdict 'core/sql includes base only' < <(includes 'cmd|introspect|diff|render|core/(schema|db|history|config)' 'core/sql/*')
verdict 'core/schema includes base and sql only' < <(includes 'cmd|introspect|diff|render|core/(db|history|config)' 'core/schema/*')
verdict 'core/db includes base and sql only' < <(includes 'cmd|introspect|diff|render|core/(schema|history|config)' 'core/db/*')
verdict 'core/history includes base, sql and db only' < <(includes 'cmd|introspect|diff|render|core/(schema|config)' 'core/history/*')
verdict 'core/git includes base only' < <(includes 'cmd|introspect|diff|render|core/(sql|schema|db|history|config)' 'core/git/*')
verdict 'core/config includes no use case' < <(includes 'cmd|introspect|diff|render|core/history' 'core/config/*')
verdict 'introspect includes core only' < <(includes 'cmd|diff|render' 'introspect/*')
verdict 'diff is pure' < <(includes 'cmd|introspect|render|core/(db|history|config)' 'diff/*')
verdict 'render is pure' < <(includes 'cmd|introspect|core/(db|history|config)' 'render/*')

code=$(sources '*.c' '*.h' | grep -v '^tests/')
verdict 'only core/db and introspect see sqlite3' < <(grep -nE '#include <sqlite3\.h>' $code | grep -vE '^(core/db|introspect)/')
verdict 'only core/git sees libgit2' < <(grep -nE '#include <git2' $code | grep -vE '^core/git/')
verdict 'only core/base/json.c sees cJSON' < <(grep -nE '#include <cjson/' $code | grep -v '^core/base/json\.c')
verdict 'banned calls' < <(grep -nE '\b(strcpy|strcat|sprintf|strtok|gets|alloca|atoi)\(' $code)
verdict 'memory is of the arena' < <(grep -nE '\b(malloc|calloc|realloc|free)\(' $code | grep -vE '^core/base/arena\.c')
verdict 'exit() stands in cmd/main.c' < <(grep -nE '\bexit\(' $code | grep -v '^cmd/main\.c')
verdict 'only cmd/ prints' < <(grep -nE '\b(printf|puts|putchar|perror)\(|fprintf\((stderr|stdout)' $code | grep -vE '^cmd/|:[[:space:]]*(/?\*)')
verdict 'nothing left to do' < <(grep -nE '\b(TODO|FIXME|XXX)\b' $code)
verdict 'files of at most 800 lines' < <(wc -l $code | awk '$2 != "total" && $1 > 800 { print $2 ": " $1 " lines" }')

long_functions() {
  printf '%s\n' $code | grep '\.c$' |
    ctags -L - -f - --languages=C --kinds-C=f --fields=+ne 2>/dev/null |
    awk -F'\t' '{ l = e = 0
      for (i = 4; i <= NF; i++) {
        if ($i ~ /^line:/) { split($i, a, ":"); l = a[2] }
        if ($i ~ /^end:/) { split($i, b, ":"); e = b[2] }
      }
      if (l && e && e - l + 1 > 60) print $2 ": " $1 ": " e - l + 1 " lines" }'
}
if command -v ctags >/dev/null 2>&1; then
  verdict 'functions of at most 60 lines' < <(long_functions)
fi

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
