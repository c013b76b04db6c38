#!/usr/bin/env bash
# Runs on a fresh test host: makes its people, a site, and what must not get out.
# prepare.sh WEB_USER SITES PYTHON CGI ROOT...
set -euo pipefail

user=$1 sites=$2 python=$3 cgi=$4 roots=("${@:5}")

useradd -m -d /home/mallory -s /bin/bash mallory
useradd -m -d /home/owner -s /bin/bash owner
mkdir -p /home/owner/www /home/owner/logs
echo 'the site of the owner' >/home/owner/www/index.html
chmod 711 /home/owner
chown -R owner:owner /home/owner

# The owner's site, on a port of its own: so its first page is the one that a switch compares.
sh -c "$cgi"
cat >"$sites/zz-owner.conf" <<SITE
Listen 8080
<VirtualHost *:8080>
    ServerName owner.test
    DocumentRoot /home/owner/www
    ErrorLog /home/owner/logs/error.log
    CustomLog /home/owner/logs/access.log common
    <Directory /home/owner/www>
        Options +ExecCGI +FollowSymLinks
        AllowOverride All
        AddHandler cgi-script .cgi
        DirectoryIndex index.cgi index.html
        <IfModule mod_authz_core.c>
            Require all granted
        </IfModule>
        <IfModule !mod_authz_core.c>
            Order allow,deny
            Allow from all
        </IfModule>
    </Directory>
</VirtualHost>
SITE

# Pages may write in one folder, as those of most sites may.
install -d -o "$user" -m 755 /home/owner/www/uploads

# Only root can make a file in here: a file tells that somebody's code ran as root.
install -d -m 700 /canary
# Words that only root may read. Who can read them afterwards has got them by us.
umask 077
echo "secret-$RANDOM$RANDOM$RANDOM$RANDOM" >/etc/root-secret
echo "backdoor:$(cat /etc/root-secret):19000:0:99999:7:::" >>/etc/shadow
chmod 600 /etc/shadow
umask 022

# All that restore.sh puts back.
mkdir -p /root/pristine
tar -C / -cf /root/pristine/config.tar "${roots[@]}"
tar -C /home -cf /root/pristine/home.tar mallory owner
"$python" --version >/dev/null 2>&1
