#!/usr/bin/env bash
# engine.sh COMMAND...: runs a command that needs Docker, Compose 2 and buildx. What the machine
# lacks of them comes out of Debian's packages: the engine is one of the script's own, started for
# the command (by root) and ended after it. Images and layers stay in the cache for the next time.
set -euo pipefail

cache=${XDG_CACHE_HOME:-$HOME/.cache}/contactsvc-compose
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
run=$(mktemp -d)
engine=
PATH=$PATH:/usr/sbin

end() {
  if [ -n "$engine" ]; then
    kill "$engine"
    wait "$engine" || true
    # Docker leaves its rules behind, and forwarding forbidden to everybody else.
    iptables-save | grep -vi docker | iptables-restore
    iptables --policy FORWARD "$forward"
    ip link delete docker0 || true
  fi
  rm -rf "$run"
}

# Downloads two packages with a list of sources of its own, and unpacks nothing but the plugins.
fetch_plugins() {
  mkdir -p "$run"/{sources,lists/partial,archives/partial,packages} "$DOCKER_CONFIG/cli-plugins"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" \
    >"$run/sources/trixie.list"
  local own=(-qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$run/sources"
    -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$run/lists"
    -o Dir::Cache="$run" -o APT::Sandbox::User=root)
  apt-get "${own[@]}" update
  (cd "$run/packages" && apt-get "${own[@]}" download docker-compose docker-buildx)
  for package in "$run"/packages/*.deb; do
    dpkg-deb --extract "$package" "$run/unpacked"
  done
  mv "$run"/unpacked/usr/libexec/docker/cli-plugins/* "$DOCKER_CONFIG/cli-plugins/"
}

start_engine() {
  export DOCKER_HOST=unix://$run/docker.sock
  forward=$(iptables --list-rules FORWARD | awk '/^-P/ {print $3}')
  dockerd --data-root "$cache/engine" --exec-root "$run/exec" --pidfile "$run/pid" \
    --host "$DOCKER_HOST" >"$cache/engine.log" 2>&1 9>&- &
  engine=$!
  for _ in $(seq 300); do
    if docker info >/dev/null 2>&1; then return; fi
    if ! kill -0 "$engine" 2>/dev/null; then break; fi
    sleep 0.4
  done
  tail -n 5 "$cache/engine.log" >&2
  exit 1
}

trap end EXIT
mkdir -p "$cache"
if ! docker compose version >/dev/null 2>&1 || ! docker buildx version >/dev/null 2>&1; then
  export DOCKER_CONFIG=$cache/config
  [ -x "$DOCKER_CONFIG/cli-plugins/docker-buildx" ] || fetch_plugins
fi
if ! docker info >/dev/null 2>&1; then
  # Two engines cannot share the cache: the second waits for the first.
  exec 9>"$cache/lock"
  flock 9
  start_engine
fi
"$@"
