#!/bin/sh
# Writes the keys that camgate and Django share to .env, which Compose reads. Keeps those that are there.
set -eu
cd "$(dirname "$0")"
umask 077
touch .env
for name in CAMGATE_LINK_KEY CAMGATE_JWT_SECRET DJANGO_SECRET_KEY; do
  grep -q "^$name=" .env || echo "$name=$(openssl rand -hex 32)" >> .env
done
