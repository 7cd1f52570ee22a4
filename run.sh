#!/usr/bin/env bash
# Installs what is missing, builds, and starts everything; Ctrl-C stops everything. ./run.sh --help
set -euo pipefail
cd "$(dirname "$0")"

help() {
  cat <<'EOF'
Usage: ./run.sh [options]

  --accounts N   accounts of the demo world (12); only for a new world
  --families N   families in each of them (300); only for a new world
  --reset        throw the old world away first (.data)
  --except A,B   leave these services out, to run them from an IDE or by dotnet watch beside the rest
  --help         this text

Settings are environment variables:
  ConnectionStrings__postgres   a PostgreSQL to use instead of a private one, for example
                                Host=localhost;Username=portal;Password=secret (it must be allowed to create databases and roles)
  ConnectionStrings__messaging  a RabbitMQ to use instead of a private one, for example amqp://portal:secret@localhost
  Ports__Portal (8080), Ports__Office (8090), Ports__SignIn (8091), Ports__Dashboard (18888)
  Replicas                      processes of each service (1)
  Stores                        containers or processes: how PostgreSQL and RabbitMQ run where none is given
                                (containers where Docker or Podman answers, else this machine's own programs)
  CompileAhead                  false: a quicker build, slower starts (true)
  Data                          where databases, secrets and logs are kept (.data)
EOF
}

fail() { echo "run.sh: $*" >&2; exit 1; }

number() { [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || fail "$1 needs a number above 0."; }

accounts= families= reset= except=
while [ $# -gt 0 ]; do
  case $1 in
    --accounts) number "$1" "${2:-}"; accounts=$2; shift ;;
    --families) number "$1" "${2:-}"; families=$2; shift ;;
    --reset) reset=1 ;;
    --except) [ "${2:-}" ] || fail "--except needs the names of services, for example search,reports."; except=$2; shift ;;
    --help|-h) help; exit 0 ;;
    *) help >&2; fail "unknown option $1" ;;
  esac
  shift
done

command -v dotnet >/dev/null || fail "the .NET 10 SDK is not installed: https://dotnet.microsoft.com/download/dotnet/10.0"
dotnet --version >/dev/null 2>&1 || fail "the .NET 10 SDK is needed (global.json); here is: $(cd / && dotnet --list-sdks | tr '\n' ' ')"

# The AppHost's folder is another one.
[ -z "${Data:-}" ] || export Data=$(realpath -m "$Data")
data=${Data:-.data}
if owner=$(cat "$data/owner" 2>/dev/null) && kill -0 "$owner" 2>/dev/null; then
  fail "it runs already (process $owner). Stop it first, or set Data and the four Ports__ settings (./run.sh --help)."
fi
[ -z "$reset" ] || rm -rf "$data"
mkdir -p -m 700 "$data"
if [ -f "$data/parameters.json" ] && [ "$accounts$families" ]; then
  fail "there is a world already in $data; --accounts and --families make a new one: add --reset to throw the old one away."
fi

containers() {
  case ${Stores:-} in containers) return 0 ;; processes) return 1 ;; esac
  timeout 5 docker container ls -q >/dev/null 2>&1 || timeout 5 podman container ls -q >/dev/null 2>&1
}

# What Debian calls it, how to see that it is there, and what to set when it is somewhere else.
missing=()
if containers; then export Stores=containers; else export Stores=processes; fi
if [ $Stores = processes ] && [ -z "${ConnectionStrings__postgres:-}" ] \
  && ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 && ! command -v postgres >/dev/null; then
  missing+=(postgresql)
fi
if [ $Stores = processes ] && [ -z "${ConnectionStrings__messaging:-}" ] && [ ! -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; then
  missing+=(rabbitmq-server)
fi
if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null \
    || fail "please install: ${missing[*]} (Debian, Ubuntu: sudo apt-get install ${missing[*]}).
  Or set ConnectionStrings__postgres / ConnectionStrings__messaging (./run.sh --help), or start Docker or Podman."
  echo "Installing ${missing[*]} …"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

dotnet build AppHost --configuration Release --nologo --verbosity quiet -clp:NoSummary
[ -z "$accounts" ] || export Demo__Accounts=$accounts
[ -z "$families" ] || export Demo__Families=$families
[ -z "$except" ] || export Except=$except
# As AppHost/Properties/launchSettings.json has it, without the 90 MB of a `dotnet run` around it.
export DOTNET_ENVIRONMENT=Development ASPNETCORE_ENVIRONMENT=Development DASHBOARD__OTLP__SUPPRESSUNSECUREDTELEMETRYMESSAGE=true
cd AppHost
if [ "${CompileAhead:-}" = false ]; then exec dotnet bin/Release/net10.0/AppHost.dll; else exec dotnet bin/launched/AppHost/AppHost.dll; fi
