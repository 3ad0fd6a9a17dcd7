# Packs $work/tree as hourmatch_<version>_<architecture>.deb. dpkg-deb takes every time from SOURCE_DATE_EPOCH.
set -eu
. "$here/common.sh"
arch=$(dpkg --print-architecture)
# Whoever builds it answers for it; Debian's tools read the same two variables.
maintainer="${DEBFULLNAME:-hourmatch authors} <${DEBEMAIL:-$(git log -1 --format=%ae 2>/dev/null || echo root@localhost)}>"
top=$work/deb
doc=$top/usr/share/doc/hourmatch
mkdir -p "$top/DEBIAN" "$top/etc/hourmatch" "$top/usr/lib/systemd/system" "$top/usr/lib/sysusers.d" \
    "$top/usr/lib/tmpfiles.d"
cp -a "$work/tree/." "$top/usr/"
# Where Debian looks for these.
mkdir -p "$top/usr/share/zsh/vendor-completions" "$top/usr/share/lintian/overrides"
mv "$top/usr/share/zsh/site-functions/_hourmatch" "$top/usr/share/zsh/vendor-completions/"
rmdir "$top/usr/share/zsh/site-functions"
gzip -9n "$top/usr/share/man/man1/"*.1
install -m 644 "$here/systemd/"*.service "$here/systemd/"*.timer "$top/usr/lib/systemd/system/"
install -m 644 "$here/systemd/sysusers.conf" "$top/usr/lib/sysusers.d/hourmatch.conf"
install -m 644 "$here/systemd/tmpfiles.conf" "$top/usr/lib/tmpfiles.d/hourmatch.conf"
install -m 644 "$here/debian/lintian-overrides" "$top/usr/share/lintian/overrides/hourmatch"
# The package's own licence; /usr/share/common-licenses holds the text of Apache-2.0.
rm "$doc/LICENSE-APACHE" "$doc/LICENSE-MIT"
{ cat "$here/debian/copyright" && sed 's/^$/./; s/^/ /' LICENSE-MIT; } > "$doc/copyright"
# Debian's form of a list of changes; ours is beside it.
mv "$doc/CHANGELOG.md" "$doc/changelog"
{
    printf 'hourmatch (%s) unstable; urgency=medium\n\n  * See changelog.gz.\n\n' "$version-1"
    printf ' -- %s  %s\n' "$maintainer" "$(date -uRd "@$SOURCE_DATE_EPOCH")"
} > "$doc/changelog.Debian"
gzip -9n "$doc/changelog" "$doc/changelog.Debian" "$doc/THIRD-PARTY.txt"

# What the binaries need, with versions, as Debian's own tool tells it.
mkdir -p "$work/shlibs/debian"
printf 'Source: hourmatch\n\nPackage: hourmatch\nArchitecture: any\n' > "$work/shlibs/debian/control"
(cd "$work/shlibs" && dpkg-shlibdeps -O "$top/usr/bin/hourmatch" "$top/usr/bin/hourmatch-verify") \
    > "$work/shlibs/found" 2> "$work/shlibs/log" || stop "dpkg-shlibdeps: $(cat "$work/shlibs/log")"
depends=$(sed -n 's/^shlibs:Depends=//p' "$work/shlibs/found")
[ -n "$depends" ] || stop "dpkg-shlibdeps found nothing that the binaries need"
size=$(du -sk --apparent-size --exclude=DEBIAN "$top" | cut -f1)
sed -e "s/@VERSION@/$version-1/" -e "s/@ARCH@/$arch/" -e "s/@DEPENDS@/$depends/" -e "s/@SIZE@/$size/" \
    -e "s/@MAINTAINER@/$maintainer/" "$here/debian/control" > "$top/DEBIAN/control"
install -m 755 "$here/debian/postinst" "$here/debian/prerm" "$here/debian/postrm" "$top/DEBIAN/"
(cd "$top" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) > "$top/DEBIAN/md5sums"
chmod -R u=rwX,go=rX "$top"

name=hourmatch_$version-1_$arch.deb
dpkg-deb --root-owner-group --build "$top" "$out/$name" >/dev/null
printf '%s\n' "$name" > "$work/deb.name"
say "made $name, which depends on $depends"
if command -v lintian >/dev/null 2>&1; then
    lintian --allow-root --fail-on error,warning "$out/$name" || stop "lintian found something; see above"
    say "lintian found nothing"
fi
