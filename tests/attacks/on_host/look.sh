#!/usr/bin/env bash
# Runs on a test host after an attack: prints what must not be. look.sh WEB_USER
# It looks at files that changed after /root/pristine/began.
set -uo pipefail

user=$1
secret=$(cat /etc/root-secret)

for file in /canary/*; do
    [ ! -e "$file" ] || echo "code of the attacker ran as root: $file: $(head -c 200 "$file")"
done
for who in mallory owner "$user"; do
    # By the eyes of each: what he may open, wherever it lies.
    as=(setpriv --reuid "$who" --regid "$(id -g "$who")" --clear-groups)
    find / \( -path /proc -o -path /sys \) -prune -o \
        -type f -cnewer /root/pristine/began -size -20000k -print0 |
        "${as[@]}" xargs -0r timeout 30 grep -slF -D skip -- "$secret" |
        sed "s/^/$who can read what is root's: /"
done
exit 0
