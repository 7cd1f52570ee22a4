#!/bin/sh
# Writes what AppHost/Program.cs asks of a deployment: deploy/write-manifest.sh [FILE]. A test compares the one under review with it.
set -eu
cd "$(dirname "$0")/.."
file=$(realpath "${1:-deploy/manifest.json}")
# In the place of the file under review, so that its relative paths are the same; then moved.
dotnet "AppHost/bin/${CONFIGURATION:-Release}/net10.0/AppHost.dll" \
  --operation publish --publisher manifest --output-path deploy/.manifest.json >/dev/null
mv deploy/.manifest.json "$file"
