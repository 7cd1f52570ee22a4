#!/usr/bin/env bash
# Makes what is installed in production. ./publish.sh --help
set -euo pipefail
cd "$(dirname "$0")"

help() {
  cat <<'EOH'
Usage: ./publish.sh VERSION [options]

Makes artifacts/VERSION/ from the commit that is checked out:
  {service}/                       what `dotnet {Service}.dll` runs, with the ASP.NET Core runtime that global.json names
  {service}-VERSION.tar.gz         the same in one file, for a machine without containers (deploy/systemd)
  images/{service}-VERSION.tar     an OCI archive: docker load, podman load, skopeo copy (deploy/compose, deploy/kubernetes)
  sbom/{service}.json              what is in it (CycloneDX)
  THIRD-PARTY.md                   every library, its version and its licence
  SHA256SUMS                       the same commit and version give the same sums, but for images

Options:
  --no-images       for a machine that does not reach the base image
  --only A,B        these services only
  --output FOLDER   instead of artifacts/VERSION
BASE_IMAGE          instead of mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra (no shell, not root; ICU and time zones)
EOH
}

fail() { echo "publish.sh: $*" >&2; exit 1; }

version= images=1 only= output=
while [ $# -gt 0 ]; do
  case $1 in
    --no-images) images= ;;
    --only) [ "${2:-}" ] || fail "--only needs the names of services, for example search,reports."; only=$2; shift ;;
    --output) [ "${2:-}" ] || fail "--output needs a folder."; output=$2; shift ;;
    --help|-h) help; exit 0 ;;
    -*) help >&2; fail "unknown option $1" ;;
    *) [ -z "$version" ] || fail "one version, not $version and $1."; version=$1 ;;
  esac
  shift
done
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || { help >&2; fail "a version is needed, for example 1.4.0 or 1.4.0-rc.1."; }
commit=$(git rev-parse --short=8 HEAD 2>/dev/null) || fail "this is no Git checkout; the commit is part of what is published."
[ -z "$(git status --porcelain)" ] || fail "there are uncommitted changes: nobody could say later what was published."
output=$(realpath -m "${output:-artifacts/$version}")
[ ! -e "$output" ] || fail "$output is there already. A version is published once; remove the folder, or take another version."
base=${BASE_IMAGE:-mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra}

# What the map of AppHost/Program.cs says is to be deployed: a service added there is published.
projects=$(sed -n 's|.*"path": "\.\./\(.*\.csproj\)".*|\1|p' deploy/manifest.json)
# Compilers write down where and when a file was: the commit's own files are built in the same folder everywhere, with the commit's time
# on each of them.
work=/tmp/enterprise-portal-publish
mkdir -m 700 "$work" 2>/dev/null || fail "$work is there: something is being published. If not, remove the folder."
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) TZ=UTC LC_ALL=C
mkdir "$work/source"
git archive HEAD | tar -x -C "$work/source"
facts=(--configuration Release --nologo --verbosity quiet -clp:NoSummary --artifacts-path "$work/build" -p:CompileAhead=false
  -p:Version="$version" -p:SourceRevisionId="$commit" -p:IncludeSourceRevisionInInformationalVersion=true
  -p:ContinuousIntegrationBuild=true -p:UseAppHost=false -p:PathMap="$work/source/=/src/%2c$work/build/=/obj/")

dotnet tool restore >/dev/null || fail "the tools of .config/dotnet-tools.json cannot be installed."
mkdir -p "$output/sbom"
for project in $projects; do
  name=$(basename "$project" .csproj); service=${name,,}
  [ -z "$only" ] || [[ ,$only, == *,$service,* ]] || continue
  echo "$service …"
  dotnet publish "$work/source/$project" "${facts[@]}" --output "$output/$service"
  # Compressed files are made now.
  find "$output/$service" -name '*.staticwebassets.endpoints.json' -exec sed -i -E \
    's/("Name":"Last-Modified","Value":")[^"]*/\1'"$(date -u -d @"$SOURCE_DATE_EPOCH" '+%a, %d %b %Y %T GMT')"'/g' {} +
  tar --sort=name --mtime=@"$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=go-w \
    -C "$output" -c "$service" | gzip -n > "$output/$service-$version.tar.gz"
  if [ "$images" ]; then
    dotnet publish "$work/source/$project" "${facts[@]}" --no-build -t:PublishContainer \
      -p:ContainerBaseImage="$base" -p:ContainerUser=app \
      -p:ContainerRepository="enterprise-portal/$service" -p:ContainerImageTag="$version" \
      -p:ContainerArchiveOutputPath="$output/images/$service-$version.tar" \
      || fail "the image of $service could not be made. If $base cannot be reached from here: --no-images, or BASE_IMAGE."
  fi
  dotnet CycloneDX "$work/source/$project" --output "$output/sbom" --filename "$service.json" --output-format Json \
    --set-name "$service" --set-version "$version" --no-serial-number --disable-package-restore \
    --base-intermediate-output-path "$work/build" >"$work/sbom.log" \
    && grep -q '"purl"' "$output/sbom/$service.json" || { cat "$work/sbom.log" >&2; fail "no list of what is in $service."; }
  sed -i "s/\"timestamp\": \"[^\"]*\"/\"timestamp\": \"$(date -u -d @"$SOURCE_DATE_EPOCH" +%FT%TZ)\"/" "$output/sbom/$service.json"
done
[ -n "$(ls "$output/sbom")" ] || fail "there is no such service: $only."
dotnet run deploy/third-party.cs -- "$output/sbom" > "$output/THIRD-PARTY.md" || fail "see above."
(cd "$output" && find . -type f ! -name SHA256SUMS | sort | xargs sha256sum > SHA256SUMS)
echo "Published $version of $commit in $output"
