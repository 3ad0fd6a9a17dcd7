# Runs in a root without a compiler, as nobody: the demo and the check of its pack.
#
# usage: sh inside.sh FOLDER-OF-THE-PROGRAMS
set -eu
stop() {
    echo "in the root: $*" >&2
    exit 1
}
for tool in cc gcc g++ c++ clang ld make cmake rustc cargo; do
    if command -v "$tool" >/dev/null 2>&1; then stop "there is a $tool"; fi
done
PATH=$1:$PATH
export PATH
for program in hourmatch hourmatch-verify; do
    [ "$(command -v "$program")" = "$1/$program" ] || stop "$program is not in $1"
    # What the loader maps, each on a line: of glibc, or of the kernel.
    for loader in /lib64/ld-linux-*.so.* /lib/ld-linux-*.so.*; do
        [ -e "$loader" ] && break
    done
    needed=$("$loader" --list "$1/$program") || stop "$program does not start: $needed"
    echo "$needed" | while read -r library _; do
        case "$library" in
        linux-vdso.so.* | linux-gate.so.* | libc.so.* | libm.so.* | libpthread.so.* | libdl.so.* | librt.so.* | libutil.so.*) ;;
        /lib*/ld-linux-*.so.* | ld-linux-*.so.*) ;;
        *) stop "$program loads $library" ;;
        esac
    done
done
cd
hourmatch demo mine > said 2> steps || {
    cat said steps >&2
    stop "the demo failed"
}
case $(cat said) in
*"Try next"*) ;;
*) stop "the demo said: $(cat said)" ;;
esac
for made in plan.html report.html hourmatch.db pack/manifest.json; do
    [ -s "mine/$made" ] || stop "the demo left no $made"
done
hourmatch-verify mine/pack > checked || stop "not verified: $(cat checked)"
# A pack with a byte more is refused, so the check looks at it.
echo >> mine/pack/manifest.json
if hourmatch-verify mine/pack > checked 2>&1; then stop "a changed pack verifies"; fi
