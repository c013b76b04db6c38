#!/usr/bin/env bash
# Runs on a test host, as an attacker: makes a copy of /etc that has each reader run EVIL.
# etc.sh FOLDER EVIL
set -uo pipefail

folder=$1 evil=$2

mkdir -p "$folder"
cp -a /etc/. "$folder" 2>/dev/null
chmod -R u+w "$folder"
# shellcheck disable=SC2016 # that is for the program that is written
printf '#!/bin/sh\n[ "$(id -u)" != 0 ] || echo "%s" >/canary/ran\ncat >/dev/null\n' \
    "$folder" >"$evil"
chmod 755 "$evil"
# What root reads as a shell does, and what httpd starts as root.
for file in apache2/envvars sysconfig/apache2; do
    [ ! -e "$folder/$file" ] || echo "$evil </dev/null" >>"$folder/$file"
done
for file in httpd/conf/httpd.conf apache2/apache2.conf apache2/httpd.conf; do
    [ ! -e "$folder/$file" ] || echo "CustomLog \"|$evil\" common" >>"$folder/$file"
done
