# Packs $work/tree with the units as hourmatch-<version>-<target>.tar.gz. The same tree gives the same bytes.
set -eu
. "$here/common.sh"
name=hourmatch-$version-$target
top=$work/$name
cp -a "$work/tree" "$top"
install -m 644 LICENSE-MIT LICENSE-APACHE "$top/"
glibc=$(cat "$work/glibc")
sed -e "s/@VERSION@/$version/g" -e "s/@GLIBC@/$glibc/g" "$here/INSTALL" > "$top/INSTALL"
mkdir -p "$top/share/hourmatch/systemd"
for unit in hourmatch.service hourmatch-plan.service hourmatch-plan.timer; do
    sed -e 's#/usr/bin/#/usr/local/bin/#; s#/usr/share/#/usr/local/share/#' "$here/systemd/$unit" \
        > "$top/share/hourmatch/systemd/$unit"
done
install -m 644 "$here/systemd/sysusers.conf" "$here/systemd/tmpfiles.conf" "$top/share/hourmatch/systemd/"
tar --directory "$work" --create --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
    --mtime="@$SOURCE_DATE_EPOCH" --mode='u=rwX,go=rX' "$name" | gzip -9n > "$out/$name.tar.gz"
say "made $name.tar.gz"
