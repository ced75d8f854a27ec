#!/bin/sh
# Adds to .env what docker-compose.yml asks for and .env does not have yet: random secrets and the
# profile. What is there stays as it is. Needs nothing but a shell, so it runs wherever Docker does.
set -eu
cd "$(dirname "$0")/.."

random() {
    LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 48
}

add() {
    if ! grep -qE "^(export )?$1=." .env; then
        echo "$1=$2" >>.env
        echo "Added $1 to .env."
    fi
}

umask 077
touch .env
# A file that does not end its last line would swallow the first one of ours.
if [ -n "$(tail -c 1 .env)" ]; then
    echo >>.env
fi

# The key that "make run" has made goes on being used: nobody is signed out.
if [ -s var/secret_key ]; then
    add SECRET_KEY "$(cat var/secret_key)"
else
    add SECRET_KEY "$(random)"
fi
add POSTGRES_PASSWORD "$(random)"
add REDIS_PASSWORD "$(random)"
add COMPOSE_PROFILES development
