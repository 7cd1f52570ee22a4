#!/bin/sh
# A RabbitMQ node of its own in FOLDER from this machine's programs, with an epmd of its own, so that it meets no other node.
#   RABBITMQ_DEFAULT_USER=portal RABBITMQ_DEFAULT_PASS=secret rabbitmq.sh FOLDER PORT MANAGEMENT_PORT EPMD_PORT NODES_PORT
# TERM or INT stops both. The folder keeps the user of its first start.
set -eu
mkdir -p "$1/home"
folder=$(cd "$1" && pwd)
say() { echo "rabbitmq.sh: $*" >&2; }

# The node inherits the lock: after a kill -9 of this script the next start waits until the old node is gone.
exec 9>>"$folder/lock"
flock -w 60 9 || { say "another RabbitMQ still runs in $folder"; exit 1; }

# Debian's /usr/sbin/rabbitmq-server switches user and uses the system's data; this one runs as anybody, anywhere.
for program in /usr/lib/rabbitmq/bin/rabbitmq-server /usr/local/lib/rabbitmq/bin/rabbitmq-server; do [ -x "$program" ] && break; done
[ -x "$program" ] || {
  say "RabbitMQ is not installed. Debian, Ubuntu: apt-get install rabbitmq-server. Or set ConnectionStrings__messaging."
  exit 1
}

umask 077
cookie=$folder/home/.erlang.cookie
if [ ! -f "$cookie" ]; then
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$cookie"
  chmod 400 "$cookie"
fi
: >"$folder/env.conf"
echo '[rabbitmq_management].' >"$folder/enabled_plugins"
cat >"$folder/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$2
management.tcp.ip = 127.0.0.1
management.tcp.port = $3
default_user = $RABBITMQ_DEFAULT_USER
default_pass = $RABBITMQ_DEFAULT_PASS
default_permissions.configure = .*
default_permissions.read = .*
default_permissions.write = .*
default_user_tags.administrator = true
loopback_users = none
log.console = true
log.console.level = warning
log.file = false
vm_memory_high_watermark.absolute = 2GB
disk_free_limit.absolute = 50MB
CONF

# What a dying node drops (MnesiaCore.…) falls among its own files.
cd "$folder"
export HOME="$folder/home" RABBITMQ_CONF_ENV_FILE="$folder/env.conf" RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf"
export RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins" RABBITMQ_NODENAME=portal@localhost RABBITMQ_NODE_PORT="$2"
export RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_DIST_PORT="$5" RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_LOG_BASE="$folder/log"
export RABBITMQ_GENERATED_CONFIG_DIR="$folder/generated" RABBITMQ_FEATURE_FLAGS_FILE="$folder/feature_flags" RABBITMQ_PID_FILE="$folder/pid"
export ERL_CRASH_DUMP=/dev/null ERL_EPMD_PORT="$4" ERL_EPMD_ADDRESS=127.0.0.1
# Started by the node itself epmd would outlive it. Idle schedulers do not spin for work on processors that others need.
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false \
+sbwt none +sbwtdcpu none +sbwtdio none"
# RabbitMQ's own script then execs, so that the process started here is the node.
export RUNNING_UNDER_SYSTEMD=1

# Also when this script is killed both stop.
setpriv --pdeathsig TERM epmd -address 127.0.0.1 -port "$4" &
epmd=$!
setpriv --pdeathsig TERM "$program" &
server=$!
trap 'kill -s TERM $server 2>/dev/null' TERM INT
code=0
while kill -s 0 $server 2>/dev/null; do wait $server && code=0 || code=$?; done
kill -s TERM $epmd 2>/dev/null || true
wait $epmd 2>/dev/null || true
exit $code
