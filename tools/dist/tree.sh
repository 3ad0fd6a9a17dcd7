# Lays out $work/tree: what the tarball and the package share, below a prefix such as /usr.
set -eu
. "$here/common.sh"
tree=$work/tree
doc=$tree/share/doc/hourmatch
mkdir -p "$tree/bin" "$tree/share/man/man1" "$doc/docs" "$tree/share/bash-completion/completions" \
    "$tree/share/zsh/site-functions" "$tree/share/fish/vendor_completions.d"
install -m 755 "$bin/hourmatch" "$bin/hourmatch-verify" "$tree/bin/"

# As the program itself prints them, whatever the builder's own settings are.
own() { env -u HOURMATCH_CONFIG -u HOURMATCH_STORE -u HOURMATCH_NOW "$tree/bin/hourmatch" "$@"; }
[ "$(own --version)" = "hourmatch $version" ] || stop "$bin/hourmatch is $(own --version), not $version"
own man "$tree/share/man/man1" 2>/dev/null
own completions bash > "$tree/share/bash-completion/completions/hourmatch"
own completions zsh > "$tree/share/zsh/site-functions/_hourmatch"
own completions fish > "$tree/share/fish/vendor_completions.d/hourmatch.fish"

install -m 644 README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$doc/"
cp -R docs/. "$doc/docs/"
say "gathering the licences of what is linked in"
python3 "$here/third_party.py" "$target" > "$doc/THIRD-PARTY.txt"
