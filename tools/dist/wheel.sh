# Makes the wheel with maturin: it asks cargo for the binary, which is fresh, and finds the oldest platform that fits it.
set -eu
. "$here/common.sh"
maturin=1.16.0
tools=$root/target/dist-tools/maturin-$maturin
if [ ! -x "$tools/bin/maturin" ]; then
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check "maturin==$maturin"
fi
top=$work/wheel
mkdir -p "$top/hourmatch.data/scripts" "$top/made"
sed -e "s#@ROOT@#$root#" -e "s#@MATURIN@#$maturin#" "$here/wheel/pyproject.toml" > "$top/pyproject.toml"
install -m 644 README.md LICENSE-APACHE LICENSE-MIT "$work/tree/share/doc/hourmatch/THIRD-PARTY.txt" "$top/"
install -m 755 "$bin/hourmatch-verify" "$top/hourmatch.data/scripts/"
# The working folder decides what cargo reads of .cargo/config.toml: the same as for the build.
(cd "$top" && "$tools/bin/maturin" build --target "$target" --auditwheel check --out "$top/made") > "$work/maturin.log" 2>&1 ||
    stop "maturin failed: $(cat "$work/maturin.log")"
set -- "$top/made/"*.whl
[ $# = 1 ] || stop "maturin made $# wheels"
python3 "$here/wheel.py" "$1" "$bin" "$(cat "$work/glibc")"
cp "$1" "$out/"
basename "$1" > "$work/wheel.name"
say "made $(basename "$1")"
