#!/usr/bin/env bash
# Runs on a test host after an attack: removes what is left of it, and has the server as at first.
# restore.sh WEB_USER RESTART ROOT...
set -uo pipefail

user=$1 restart=$2 roots=("${@:3}")

for who in mallory owner; do
    for _try in 1 2 3 4 5; do pkill -KILL -u "$who" || break; done
done
# Programs that pages started and left; httpd's own children end with it.
find /proc -maxdepth 1 -regex '/proc/[0-9]+' -user "$user" -printf '%f\n' | while read -r pid; do
    case $(readlink "/proc/$pid/exe") in
        *httpd*|*apache2*|*php-fpm*) ;;
        *) kill -KILL "$pid" ;;
    esac
done 2>/dev/null
pkill -KILL -f '[/]opt/webops/call.py'

find / -xdev \( -user mallory -o -user owner \) -not -path '/proc/*' -delete 2>/dev/null
find /tmp /var/tmp /dev/shm /run/lock -mindepth 1 \
    \( -user mallory -o -user owner -o -user "$user" \) -delete 2>/dev/null
# A restarted server makes its own again.
ipcrm --all 2>/dev/null
rm -rf /home/mallory /home/owner /canary/* /var/lib/webops-apache-mpm
tar -C /home -xf /root/pristine/home.tar

# The configuration, byte for byte, with nothing beside it.
(cd / && rm -rf "${roots[@]}")
tar -C / -xf /root/pristine/config.tar
rm -rf /run/systemd/system/*.d/*webops* 2>/dev/null
! command -v systemctl >/dev/null || { systemctl daemon-reload; systemctl reset-failed; }
$restart
