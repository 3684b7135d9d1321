#!/usr/bin/env bash
# Sets up what a target needs on Debian 12 with the .NET SDK, then runs the target of build.cake.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
    cat <<'USAGE'
usage: ./build.sh TARGET [ARGUMENT]...

  build          compile everything
  test           publish, then run all tests; arguments go to dotnet test (--filter NAME)
  test-kubernetes
                 tests beside a real Kubernetes API server, which is compiled first (minutes, once)
  publish        the native executables: artifacts/fnlb, and artifacts/fnlb-bench to measure it; with linux-arm64
                 as its argument artifacts/fnlb-linux-arm64, by a cross compiler
  soak           publish, then break it for half an hour; an argument is another number of minutes
  demo           publish, then run three sample nodes and the balancer (--seconds 5)
  bench          publish, then run a benchmark (drive, compare, tune, scale, routing, advice, paths, simulate, micro)
  image          a container image with nothing but the executable in it
  deb            a Debian package, artifacts/packages/fnlb_VERSION_ARCH.deb
  test-image     start the image in a container and test it there (as root)
  test-systemd   boot a machine, install the package in it and test the service there (as root)
  format-check   fail if a source file is not formatted as .editorconfig says

Missing Debian packages are installed when run as root, and named otherwise.
USAGE
}

# What a target needs beyond the SDK, as COMMAND-OR-FILE:PACKAGE.
native=(gcc:gcc objcopy:binutils /usr/include/stdlib.h:libc6-dev "/usr/lib/*/libsqlite3.a:libsqlite3-dev")
cross=(aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu /usr/aarch64-linux-gnu/include/stdlib.h:libc6-dev-arm64-cross)
# For the tests that break things: networks that lose packets, and a clock that jumps.
breakage=(ip:iproute2 iptables:iptables "/usr/lib/*/faketime/libfaketime.so.1:libfaketime")
databases=("/usr/lib/postgresql/*/bin/initdb:postgresql-15" mariadbd:mariadb-server-core
    mariadb-install-db:mariadb-server-core mariadb:mariadb-client-core)
kubernetes=(etcd:etcd-server go:golang-go dpkg-source:dpkg-dev
    /usr/share/gocode/src/github.com/modern-go/reflect2:golang-github-modern-go-reflect2-dev)

# The image has the libraries of TLS in it.
image=("/usr/lib/*/libssl.so.3:libssl3" /etc/ssl/certs/ca-certificates.crt:ca-certificates buildah:buildah)

requirements() {
    case "$1" in
        build | format-check) ;;
        publish)
            printf '%s\n' "${native[@]}"
            [[ ${2:-} != linux-arm64 || $(uname -m) == aarch64 ]] || printf '%s\n' "${cross[@]}"
            ;;
        demo | deb) printf '%s\n' "${native[@]}" ;;
        test) printf '%s\n' "${native[@]}" curl:curl sqlite3:sqlite3 chromium:chromium systemd-analyze:systemd \
            promtool:prometheus "${databases[@]}" "${breakage[@]}" ;;
        soak) printf '%s\n' "${native[@]}" "${databases[@]}" "${breakage[@]}" ;;
        test-kubernetes) printf '%s\n' "${native[@]}" "${kubernetes[@]}" ;;
        image) printf '%s\n' "${native[@]}" "${image[@]}" ;;
        test-image) printf '%s\n' "${native[@]}" "${image[@]}" podman:podman runc:runc ip:iproute2 ;;
        test-systemd)
            printf '%s\n' "${native[@]}" systemd-nspawn:systemd-container mmdebstrap:mmdebstrap ip:iproute2 \
                lintian:lintian
            ;;
        bench) printf '%s\n' "${native[@]}" haproxy:haproxy nginx:nginx wrk:wrk ;;
    esac
}

is_present() {
    case "$1" in
        /*) compgen -G "$1" >/dev/null ;;
        *) PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null ;;
    esac
}

missing_packages() {
    local requirement
    while read -r requirement; do
        is_present "${requirement%%:*}" || printf '%s\n' "${requirement#*:}"
    done < <(requirements "$@") | sort -u
}

# Debian starts a server as it installs it and at every boot after. Tests and benchmarks start their own: neither is
# wanted.
install_packages() {
    local policy=/usr/sbin/policy-rc.d package unit
    export DEBIAN_FRONTEND=noninteractive
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi

    apt-get -q -o DPkg::Lock::Timeout=300 update
    apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@"
    for package in "$@"; do
        # The package of a server has a version or a word in its name that its unit has not.
        unit=${package%-15}
        unit=${unit%-server}
        case "$unit" in
            haproxy | nginx | postgresql | etcd | prometheus)
                ! command -v systemctl >/dev/null || systemctl --quiet disable "$unit" || true
                ;;
        esac
    done
}

if [[ $# -eq 0 ]]; then
    usage >&2
    exit 2
fi

target=$1
shift
case "$target" in
    build | test | test-kubernetes | soak | publish | demo | bench | image | deb) ;;
    test-image | test-systemd | format-check) ;;
    -h | --help | help)
        usage
        exit 0
        ;;
    *)
        printf 'build.sh: no target "%s"\n\n' "$target" >&2
        usage >&2
        exit 2
        ;;
esac

# Invariant: an SDK unpacked from an archive then runs without the ICU packages. Quiet, and nothing is left running.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
# Colours are for people.
[[ -t 1 ]] || export NO_COLOR=1

if ! sdk=$(dotnet --version 2>&1); then
    printf 'build.sh: the .NET 10 SDK is needed (https://dotnet.microsoft.com/download): %s\n' "${sdk%%$'\n'*}" >&2
    exit 1
fi

mapfile -t missing < <(missing_packages "$target" "$@")
if [[ ${#missing[@]} -gt 0 ]]; then
    if [[ $EUID -ne 0 ]]; then
        printf 'build.sh: %s needs packages that are not installed. As root:\n\n' "$target" >&2
        printf '    apt-get update && apt-get install --no-install-recommends %s\n\n' "${missing[*]}" >&2
        exit 1
    fi

    install_packages "${missing[@]}"
fi

summary=artifacts/test-results/summary.txt
rm -f "$summary"
dotnet tool restore >/dev/null
status=0
# Ctrl-C ends what runs, and is not ignored by it; what follows here still happens.
trap : INT
dotnet cake build.cake --no-report --target="$target" -- "$@" || status=$?

# Last, whatever was printed on the way.
if [[ -f $summary ]]; then
    cat "$summary"
fi

exit "$status"
