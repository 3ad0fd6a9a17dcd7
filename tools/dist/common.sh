# Words for all scripts of this folder.
say() { printf '%s\n' "dist: $*" >&2; }
stop() {
    say "$*"
    exit 1
}
