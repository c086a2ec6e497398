#!/bin/sh
# Run a command with DATABASE_URL set to a PostgreSQL of its own: with_postgres.sh COMMAND...
# The server lives in a temporary folder, listens on a socket there and on no port, and ends with
# the command. Without PostgreSQL's programs it says so and ends well: exit 0, nothing was run.
set -eu

programs=
for folder in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/pgsql-*/bin; do
    [ -x "$folder/initdb" ] && programs=$folder
done
[ -n "$programs" ] || programs=$(dirname "$(command -v initdb 2>/dev/null || echo /)")
if [ ! -x "$programs/initdb" ]; then
    echo "   SKIPPED: no PostgreSQL here (Debian: apt-get install postgresql)."
    exit 0
fi

# The server refuses to run as root; Debian's package brings the user postgres.
as_owner() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

place=$(mktemp -d "${TMPDIR:-/tmp}/quetsach-pg.XXXXXX")
[ "$(id -u)" = 0 ] && chown postgres "$place"
chmod 755 "$place"
stop() {
    (cd / && as_owner "$programs/pg_ctl" -D "$place/data" -m immediate -w stop >/dev/null 2>&1) || :
    rm -rf "$place"
}
trap stop EXIT
trap 'exit 130' INT TERM

cd_and() { (cd / && "$@"); }
cd_and as_owner "$programs/initdb" -D "$place/data" -U quetsach -A trust -E UTF8 --locale=C.UTF-8 \
    >/dev/null
# What is written here is thrown away, so nothing waits for the disk unless FSYNC=on asks for it.
cd_and as_owner "$programs/pg_ctl" -D "$place/data" -l "$place/log" -w start -o \
    "-c listen_addresses='' -c unix_socket_directories='$place' -c fsync=${FSYNC:-off} \
     -c synchronous_commit=${FSYNC:-off} -c full_page_writes=${FSYNC:-off} -c max_connections=200" \
    >/dev/null || { cat "$place/log" >&2; exit 2; }

DATABASE_URL="postgresql://quetsach@/postgres?host=$place" "$@"
