#!/bin/sh
# Writes the OpenAPI documents under review as the services give them now. OpenApiTests compares the two.
set -eu
cd "$(dirname "$0")/../.."
OpenApiTests=write exec ./test.sh Services --filter-class '*OpenApiTests'
