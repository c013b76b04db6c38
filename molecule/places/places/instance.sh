#!/bin/sh
# Two instances of the usual program: blue chooses its own MPM, green reads the lines of the main
# server. The variable in single quotes is for httpd.
# shellcheck disable=SC2016
set -eu
cd /etc/httpd
cp -a conf.modules.d blue.modules.d
port=8081
for name in blue green; do
    sed -e "s/^Listen 80\$/Listen $port/" \
        -e '/^Listen/a PidFile "/run/httpd/instance-${HTTPD_INSTANCE}.pid"' \
        -e 's|^ErrorLog .*|ErrorLog "logs/${HTTPD_INSTANCE}_error_log"|' \
        conf/httpd.conf >conf/$name.conf
    port=$((port + 1))
done
sed -i 's|^Include conf\.modules\.d/|Include ${HTTPD_INSTANCE}.modules.d/|' conf/blue.conf
systemctl start httpd@blue httpd@green
