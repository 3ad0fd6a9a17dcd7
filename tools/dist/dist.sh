#!/bin/sh
# Makes what people install without compiling, in DIR (default dist): a tarball, a wheel, a Debian package and SHA256SUMS;
# then installs each in a root without a compiler and runs the demo there.
#
# usage: tools/dist/dist.sh [DIR] [--bin DIR] [--no-try]
#   --bin DIR   pack the binaries in DIR, which an earlier run built
#   --no-try    do not install and run them
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/common.sh"

out="" bin="" try=yes
while [ $# -gt 0 ]; do
    case "$1" in
    --bin) bin=$(cd "${2:?--bin needs a folder}" && pwd) && shift ;;
    --no-try) try=no ;;
    -*) stop "unknown option $1; usage: ./dev dist [DIR] [--bin DIR] [--no-try]" ;;
    *) out=$1 ;;
    esac
    shift
done
out=${out:-$root/dist}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$root"

target=$(cargo -vV | sed -n 's/^host: //p')
version=$(python3 "$here/version.py" "$root/Cargo.toml")
# Every file is as old as the commit: the same commit gives the same bytes.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
CARGO_TARGET_DIR=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export SOURCE_DATE_EPOCH CARGO_TARGET_DIR
# Below the root, so that cargo reads the same .cargo/config.toml for the wheel as for the build.
work=$root/target/dist-files
rm -rf "$work"
mkdir -p "$work"
export root here out work target version
umask 022

. "$here/flags.sh"
if [ -z "$bin" ]; then
    say "building hourmatch $version for $target"
    cargo build --profile dist --locked --workspace --target "$target"
    bin=$CARGO_TARGET_DIR/$target/dist
fi
export bin
say "checking what the binaries need"
python3 "$here/needs.py" "$bin/hourmatch" "$bin/hourmatch-verify" > "$work/glibc"
say "they need glibc $(cat "$work/glibc") and nothing else"

sh "$here/tree.sh"
sh "$here/tarball.sh"
sh "$here/deb.sh"
sh "$here/wheel.sh"

cd "$out"
tarball=hourmatch-$version-$target.tar.gz
deb=$(cat "$work/deb.name")
wheel=$(cat "$work/wheel.name")
sha256sum "$tarball" "$wheel" "$deb" > SHA256SUMS
say "made in $out:"
while read -r sum file; do
    printf '%s  %10s bytes  %s\n' "$sum" "$(wc -c < "$file")" "$file"
done < SHA256SUMS
if [ "$try" = yes ]; then
    sh "$here/try.sh" "$out/$tarball" "$out/$wheel" "$out/$deb"
fi
