#!/bin/sh
# All that a switch may touch: every path with its kind, owner, mode, target, and the content of
# plain files.
cd /
for folder in etc/httpd etc/apache2 etc/sysconfig opt/rh/httpd24/root/etc \
    usr/local/apache2/conf var/www srv/www; do
    [ -d "$folder" ] || continue
    find "$folder" -printf '%p %y %U %G %m %l\n'
    find "$folder" -type f -exec sha256sum {} +
# The service writes its LoadModule lines anew at each start.
done | grep -v sysconfig.d | LC_ALL=C sort
