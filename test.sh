#!/usr/bin/env bash
# Installs what is missing, builds without a warning, runs every test project but the benchmarks, and ends with the sum:
#   123 passed, 0 failed        (or: 123 passed, 0 failed, 4 skipped)
# ./test.sh Services runs one of tests/ only; what follows goes to the test run: ./test.sh Services --filter-namespace '*.Audit'
set -euo pipefail
cd "$(dirname "$0")"

fail() { echo "test.sh: $*" >&2; exit 1; }

only=
if [ $# -gt 0 ] && [ -d "tests/$1" ]; then only=$1; shift; fi

command -v dotnet >/dev/null || fail "the .NET 10 SDK is not installed: https://dotnet.microsoft.com/download/dotnet/10.0"
dotnet --version >/dev/null 2>&1 || fail "the .NET 10 SDK is needed (global.json); here is: $(cd / && dotnet --list-sdks | tr '\n' ' ')"

# The name Debian gives it; how to see that it is there.
missing=()
[ "${ConnectionStrings__postgres:-}" ] || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null \
    || missing+=(postgresql)
[ "${ConnectionStrings__messaging:-}" ] || [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
if [ -z "$only" ] || [ "$only" = EndToEnd ]; then
  command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
  command -v pgrep >/dev/null || missing+=(procps)
fi
# The rehearsal is skipped where these are missing and cannot be installed, or there is no Node.js.
if [ -z "$only" ] || [ "$only" = Production ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && command -v npm >/dev/null; then
    command -v ip >/dev/null || missing+=(iproute2)
    command -v haproxy >/dev/null || missing+=(haproxy)
    /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || missing+=(python3-aiosmtpd)
  fi
fi
if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null \
    || fail "please install: ${missing[*]} (Debian, Ubuntu: sudo apt-get install ${missing[*]}).
  PostgreSQL and RabbitMQ may also be given by ConnectionStrings__postgres and ConnectionStrings__messaging."
  echo "Installing ${missing[*]} …"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

dotnet build EnterprisePortal.sln --configuration Release --nologo --verbosity quiet -warnaserror -clp:NoSummary

passed=0 failed=0 skipped=0 failures=
for project in tests/*/*.csproj; do
  folder=$(basename "$(dirname "$project")")
  if [ "$folder" = Benchmarks ] || { [ "$only" ] && [ "$folder" != "$only" ]; }; then continue; fi
  grep -q 'xunit.v3' "$project" || continue

  result=TestResults/$folder.trx
  rm -f "$result"
  # The same configuration as run.sh, so that nothing is built twice.
  dotnet test --project "$project" --configuration Release --no-build --results-directory "$PWD/TestResults" \
    --report-xunit-trx --report-xunit-trx-filename "$folder.trx" "$@" && code=0 || code=$?

  # <Counters total="24" executed="23" passed="22" failed="1" … />; what was not executed was skipped.
  counters=$(grep -o '<Counters [^>]*>' "$result" 2>/dev/null || true)
  count() { local value; value=$(sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"); echo "${value:-0}"; }
  bad=$(( $(count failed) + $(count error) + $(count timeout) + $(count aborted) ))
  if [ $code -ne 0 ] && [ $bad -eq 0 ]; then
    echo "test.sh: tests/$folder broke off (exit code $code)." >&2
    bad=1
  fi
  # <UnitTestResult … testName="…" outcome="Failed" …>: named once more at the end, far below what the services print.
  failures+=$(grep -o '<UnitTestResult [^>]*outcome="Failed"' "$result" 2>/dev/null \
    | sed 's/.* testName="\([^"]*\)".*/failed: \1\n/' || true)
  passed=$((passed + $(count passed)))
  failed=$((failed + bad))
  skipped=$((skipped + $(count total) - $(count executed)))
done

[ -z "$failures" ] || printf '%b\n' "$failures"
echo "$passed passed, $failed failed$([ $skipped -eq 0 ] || echo ", $skipped skipped")"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
