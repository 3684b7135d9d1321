#!/usr/bin/env bash
# Compiles the Kubernetes API server for ./build.sh test-kubernetes from Debian's source package: Debian has no package
# of the server itself. About five minutes and 3 GB of disk once; what stays is one executable of 110 MB.
#
#   build/kube-apiserver.sh FOLDER      makes FOLDER/kube-apiserver, unless it is there
set -euo pipefail

folder=${1:?usage: build/kube-apiserver.sh FOLDER}
[[ ! -x $folder/kube-apiserver ]] || exit 0

mkdir -p "$folder"
work=$(mktemp -d "$folder/build.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# Package lists of our own, so that those of the machine stay as they are.
apt_sources() {
    apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root "$@"
}

mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
printf 'deb-src [signed-by=%s] http://deb.debian.org/debian bookworm main\n' "$keyring" >"$work/sources.list"
apt_sources update
cd "$work"
apt_sources source --download-only kubernetes

# The tools of Kubernetes find its packages by their place below GOPATH.
export GOPATH=$work/go GOCACHE=$work/go-cache GO111MODULE=off GOFLAGS= CGO_ENABLED=0
source_tree=$GOPATH/src/k8s.io/kubernetes
mkdir -p "${source_tree%/*}"
dpkg-source --extract kubernetes_*.dsc "$source_tree"
cd "$source_tree"

# The version of 2021 reads the runtime's types in a way that Go 1.18 ended: the program would crash at its start.
rm -r vendor/github.com/modern-go/reflect2
cp -rL /usr/share/gocode/src/github.com/modern-go/reflect2 vendor/github.com/modern-go/

# The only generated file that the package leaves to its build.
packages=$(grep -rl --include=*.go '+k8s:openapi-gen=' -R vendor/k8s.io/ pkg/ | grep -v zz_generated \
    | grep -v -e vendor/k8s.io/code-generator/ -e vendor/k8s.io/sample-apiserver/ | xargs -n1 dirname | sort -u \
    | sed 's|^|k8s.io/kubernetes/|' | paste -sd,)
go run ./vendor/k8s.io/kube-openapi/cmd/openapi-gen --logtostderr --input-dirs "$packages" \
    --output-package k8s.io/kubernetes/pkg/generated/openapi --output-file-base zz_generated.openapi \
    --go-header-file vendor/k8s.io/code-generator/hack/boilerplate.go.txt --report-filename "$work/report" \
    --output-base "$GOPATH/src"

go build -ldflags "-s -w" -o "$work/kube-apiserver" ./cmd/kube-apiserver
mv "$work/kube-apiserver" "$folder/kube-apiserver"
