#!/bin/sh
# A repository of tiny packages in /srv/packages; afterwards apt knows no other.
#
#   repository.sh [FIELD ...]    fields of the package libapache2-mod-php, such as "Conflicts: psa"
set -eu

pack() {
    tree=$1 package=$2 version=$3
    shift 3
    mkdir -p "$tree/DEBIAN"
    printf '%s\n' "Package: $package" "Version: $version" 'Architecture: all' \
        'Maintainer: nobody <nobody@example.org>' "$@" \
        'Description: of a test host' >"$tree/DEBIAN/control"
    dpkg-deb --build "$tree" "/srv/packages/$package.deb" >/dev/null
}

rm -rf /srv/packages /srv/trees
mkdir -p /srv/packages /srv/trees/portal /srv/trees/php/usr/lib/apache2/modules
cp /root/libphp.so /srv/trees/php/usr/lib/apache2/modules/libphp8.2.so
pack /srv/trees/portal shop-portal 1.0
pack /srv/trees/php libapache2-mod-php 9:1 "$@"
dpkg-query -W shop-portal >/dev/null 2>&1 || dpkg -i /srv/packages/shop-portal.deb >/dev/null
rm /srv/packages/shop-portal.deb
cd /srv/packages
for file in *.deb; do
    dpkg-deb --field "$file"
    printf 'Filename: ./%s\nSize: %s\n' "$file" "$(stat -c %s "$file")"
    printf 'SHA256: %s\n\n' "$(sha256sum "$file" | cut -d ' ' -f 1)"
done >Packages
rm -rf /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv/packages ./' >/etc/apt/sources.list
apt-get update >/dev/null 2>&1
