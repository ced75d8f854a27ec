#!/usr/bin/env bash
# For where no image can be pulled: makes stand-ins of the base images that Dockerfile and
# docker-compose.yml name, out of Debian's packages, with the users, folders and entry points of the
# real ones. An image that is there, or can be pulled, is used. Needs debootstrap and root.
set -euo pipefail
cd "$(dirname "$0")"
root=../../..
base=contactsvc-standin-base
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
PATH=$PATH:/usr/sbin

make_base() {
  debootstrap --variant=minbase --include=ca-certificates \
    --keyring=/usr/share/keyrings/debian-archive-keyring.gpg trixie "$work/base" "$mirror" \
    >"$work/debootstrap.log" || { tail -n 5 "$work/debootstrap.log" >&2; exit 1; }
  tar -C "$work/base" -c . | docker import - "$base" >/dev/null
}

stand_in() { # stand_in TARGET TAG: as in standins/Dockerfile
  docker image inspect "$base" >/dev/null 2>&1 || make_base
  # Packages come the same way as on this machine.
  cp -r standins "$work/context"
  cp /etc/ssl/certs/ca-certificates.crt "$work/context/"
  if [ -e /etc/pip.conf ]; then cp /etc/pip.conf "$work/context/"; else touch "$work/context/pip.conf"; fi
  DOCKER_BUILDKIT=1 docker build --quiet --target "$1" --tag "$2" "$work/context" >/dev/null
  rm -r "$work/context"
  echo "$2 is a stand-in."
}

is_real() {
  label=$(docker image inspect --format '{{index .Config.Labels "standin"}}' "$1" 2>/dev/null) \
    && [ -z "$label" ]
}

tags=$(sed -nE 's/^(FROM| *image:) ((python|postgres|redis|axllent\/mailpit):[^ ]+).*/\2/p' \
  "$root/Dockerfile" "$root/docker-compose.yml" | sort -u)
for tag in $tags; do
  is_real "$tag" || docker pull --quiet "$tag" 2>/dev/null || stand_in "$(basename "${tag%%:*}")" "$tag"
done
