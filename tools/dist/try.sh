# Installs each of the three in a root of its own, as people do, and runs the demo there as an unprivileged user, without
# network, compiler or a library beyond glibc's. The tarball's root holds glibc and busybox, nothing else; the package's holds
# what Debian calls essential, dpkg among it; the wheel's also Python.
#
# usage: sh try.sh TARBALL WHEEL DEB     as root, or by sudo without a password
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || {
        say "made, but not tried: making a root and entering it needs root. To try them:"
        stop "    sudo sh $here/try.sh $*"
    }
    exec sudo -n sh "$here/try.sh" "$@"
fi
for tool in mmdebstrap unshare chroot dpkg-deb apt-get; do
    command -v "$tool" >/dev/null 2>&1 || stop "$tool is missing; on Debian: apt-get install mmdebstrap"
done
tarball=$1 wheel=$2 deb=$3
suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:?a release of Debian or Ubuntu}")
roots=$(mktemp -d /tmp/hourmatch-roots.XXXXXX)
# Mounts belong to the commands that run in a root (--mount) and end with them.
trap 'rm -rf --one-file-system "$roots"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
user=65534

# A command in a root: `inside ROOT USER COMMAND...`, with no network but for itself and with the environment of nobody.
inside() {
    at=$1 as=$2
    shift 2
    unshare --mount --pid --net --fork --mount-proc="$at/proc" \
        chroot --userspec="$as:$as" "$at" \
        /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/home/user LC_ALL=C.UTF-8 "$@"
}

home() {
    mkdir -p "$1/home/user"
    chown "$user:$user" "$1/home/user"
}

# The demo and its check, by the programs of folder $2 in root $1.
demo() {
    at=$1 programs=$2
    install -m 644 "$here/inside.sh" "$at/inside.sh"
    inside "$at" "$user" /bin/sh /inside.sh "$programs"
}

tried_tarball() {
    at=$roots/tarball
    mkdir -p "$at/dev" "$at/proc" "$at/tmp" "$at/debs" "$at/bin" "$at/usr/bin"
    fetch="apt-get download -qq -o APT::Sandbox::User=root libc6 busybox-static"
    (cd "$at/debs" && { $fetch 2>/dev/null || { apt-get update -qq && $fetch; }; }) || stop "cannot fetch libc6 and busybox-static"
    for package in "$at/debs/"*.deb; do
        dpkg-deb --extract "$package" "$at"
    done
    rm -r "$at/debs"
    mknod -m 666 "$at/dev/null" c 1 3
    for applet in env sh tar gzip; do
        [ -e "$at/usr/bin/$applet" ] || ln -s /bin/busybox "$at/usr/bin/$applet"
        [ -e "$at/bin/$applet" ] || ln -s busybox "$at/bin/$applet"
    done
    chmod 1777 "$at/tmp"
    home "$at"
    cp "$tarball" "$at/home/user/it.tar.gz"
    inside "$at" "$user" /bin/sh -euc 'cd && tar xzf it.tar.gz && mv hourmatch-* it'
    demo "$at" /home/user/it/bin
}

# A root of Debian: `debian ROOT [PACKAGE]`.
debian() {
    mmdebstrap --quiet --variant=essential ${2:+--include="$2"} "$suite" "$1" 2>"$1.log" || {
        cat "$1.log" >&2
        stop "mmdebstrap failed"
    }
    home "$1"
}

tried_deb() {
    at=$roots/deb
    debian "$at"
    cp "$deb" "$at/it.deb"
    inside "$at" 0 dpkg -i /it.deb >/dev/null
    inside "$at" 0 dpkg --verify hourmatch
    demo "$at" /usr/bin
    inside "$at" 0 dpkg --purge hourmatch >/dev/null
    left=$(find "$at/usr" "$at/etc" -name '*hourmatch*')
    [ -z "$left" ] || stop "removed, the package leaves $left"
}

tried_wheel() {
    at=$roots/wheel
    debian "$at" python3-venv
    cp "$wheel" "$at/home/user/"
    inside "$at" "$user" /bin/sh -euc 'cd && python3 -m venv it && it/bin/pip install --quiet --no-index hourmatch-*.whl'
    demo "$at" /home/user/it/bin
}

for artefact in tarball deb wheel; do
    say "trying the $artefact"
    "tried_$artefact"
    rm -rf --one-file-system "${roots:?}/$artefact"
done
say "the demo ran from the tarball, the package and the wheel"
