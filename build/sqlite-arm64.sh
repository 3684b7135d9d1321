#!/usr/bin/env bash
# Fetches Debian's libsqlite3.a for arm64 into a folder, without making arm64 an architecture of this machine.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
archive=usr/lib/aarch64-linux-gnu/libsqlite3.a
if [[ -f $folder/$archive ]]; then
    exit 0
fi

mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial"
apt_arm64() {
    apt-get -q -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=root \
        -o Dir::State="$folder/state" -o Dir::State::status=/dev/null -o Dir::Cache="$folder/cache" "$@"
}

cd "$folder"
apt_arm64 update
apt_arm64 download libsqlite3-dev
dpkg-deb --fsys-tarfile libsqlite3-dev_*_arm64.deb | tar -x "./$archive"
