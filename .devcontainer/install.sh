#!/bin/sh
# What ./run.sh and ./test.sh need of Debian.
set -eu
# The servers that the packages would start by themselves are not wanted: each world has its own.
printf '#!/bin/sh\nexit 101\n' | sudo tee /usr/sbin/policy-rc.d >/dev/null
sudo chmod +x /usr/sbin/policy-rc.d
sudo apt-get update -qq
sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql rabbitmq-server chromium procps
