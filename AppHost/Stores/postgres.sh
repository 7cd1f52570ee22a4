#!/bin/sh
# A PostgreSQL of its own in FOLDER, made at the first start from this machine's programs; reached over TCP on loopback only.
#   POSTGRES_PASSWORD=secret postgres.sh FOLDER PORT [postgres option …]
# TERM or INT stops it cleanly and at once, whoever is connected. For PostgreSQL itself TERM means "wait until all clients have left".
set -eu
mkdir -p "$1"
folder=$(cd "$1" && pwd) port=$2
shift 2
data=$folder/data
say() { echo "postgres.sh: $*" >&2; }

# The server inherits the lock: after a kill -9 of this script the next start waits until the old server is gone.
exec 9>>"$folder/lock"
flock -w 60 9 || { say "another PostgreSQL still runs in $folder"; exit 1; }

# Debian keeps the programs off the PATH: /usr/lib/postgresql/15/bin. The newest version wins.
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t / -k 5 -n | tail -n 1)
[ -x "$bin/postgres" ] || bin=$(dirname "$(command -v postgres || true)")
[ -x "$bin/postgres" ] || {
  say "PostgreSQL is not installed. Debian, Ubuntu: apt-get install postgresql. Or set ConnectionStrings__postgres."
  exit 1
}

# PostgreSQL refuses root. Below a folder that only root may enter it keeps one right of root's: to walk in.
as=env
if [ "$(id -u)" = 0 ]; then
  as="setpriv --reuid=postgres --regid=postgres --init-groups"
  for above in $(d=$folder; while [ "$d" != / ]; do d=$(dirname "$d"); echo "$d" | tr ' ' '?'; done) "$folder"; do
    case $(stat -c %a "$above") in
      *[1357]) ;;
      *) as="$as --inh-caps=+dac_override --ambient-caps=+dac_override"; break ;;
    esac
  done
fi

if [ ! -f "$data/PG_VERSION" ]; then
  # Under another name until it is whole: a start that was killed half-way leaves nothing that looks like a cluster.
  rm -rf "$data.new"
  mkdir "$data.new"
  password=$(mktemp)
  printf %s "$POSTGRES_PASSWORD" >"$password"
  [ "$(id -u)" != 0 ] || chown -R postgres: "$data.new" "$password"
  $as "$bin/initdb" -D "$data.new" -U portal --pwfile="$password" --auth=scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync \
    --no-instructions >/dev/null || { rm -f "$password"; say "PostgreSQL could not be set up in $data"; exit 1; }
  rm -f "$password"
  mv "$data.new" "$data"
fi

unset POSTGRES_PASSWORD
# Also when this script is killed the server stops.
[ "$as" != env ] || as=setpriv
$as --pdeathsig INT "$bin/postgres" -D "$data" -p "$port" \
  -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 "$@" &
server=$!
trap 'kill -s INT $server 2>/dev/null' TERM INT
code=0
while kill -s 0 $server 2>/dev/null; do wait $server && code=0 || code=$?; done
exit $code
