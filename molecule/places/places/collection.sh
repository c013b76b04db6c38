#!/bin/sh
# A server like that of the Software Collection httpd24: its program needs a library that only `scl
# enable` finds.
set -eu
root=/opt/rh/httpd24/root
mkdir -p $root/usr/sbin $root/usr/lib64 $root/etc/sysconfig $root/var/log/httpd $root/var/run/httpd
cp -a /usr/lib64/httpd $root/usr/lib64/
cp -a /etc/httpd $root/etc/
cd $root/etc/httpd
rm logs run modules
ln -s ../../var/log/httpd logs
ln -s ../../var/run/httpd run
ln -s ../../usr/lib64/httpd/modules modules
sed -i -e "s|/etc/httpd|$root/etc/httpd|" -e 's/^Listen 80$/Listen 8080/' conf/httpd.conf
# The same library under a name of the collection.
sed 's/libaprutil-1\.so\.0/libaprutil-9.so.0/' /usr/sbin/httpd >$root/usr/sbin/httpd
cp "$(ldd /usr/sbin/httpd | awk '/libaprutil-1/ { print $3 }')" $root/usr/lib64/libaprutil-9.so.0
cat >/opt/rh/httpd24/enable <<END
export PATH=$root/usr/bin:$root/usr/sbin\${PATH:+:\${PATH}}
export LD_LIBRARY_PATH=$root/usr/lib64\${LD_LIBRARY_PATH:+:\${LD_LIBRARY_PATH}}
END
echo 'HTTPD24_HTTPD_SCLS_ENABLED="httpd24"' >/opt/rh/httpd24/service-environment
cat >$root/usr/sbin/httpd-scl-wrapper <<END
#!/bin/sh
. /opt/rh/httpd24/service-environment
for collection in \$HTTPD24_HTTPD_SCLS_ENABLED; do
    . /opt/rh/\$collection/enable
done
exec $root/usr/sbin/httpd "\$@"
END
chmod 755 $root/usr/sbin/httpd $root/usr/sbin/httpd-scl-wrapper
# The root compiled into this program is that of the usual server.
printf '# Options of the server\nOPTIONS="-d %s"\nLANG=C\n' $root/etc/httpd \
    >$root/etc/sysconfig/httpd
cat >/etc/systemd/system/httpd24-httpd.service <<END
[Unit]
Description=The Apache HTTP Server of the collection
After=network.target

[Service]
Type=notify
EnvironmentFile=$root/etc/sysconfig/httpd
ExecStart=$root/usr/sbin/httpd-scl-wrapper \$OPTIONS -DFOREGROUND
ExecReload=$root/usr/sbin/httpd-scl-wrapper \$OPTIONS -k graceful
ExecStop=$root/usr/sbin/httpd-scl-wrapper \$OPTIONS -k graceful-stop
KillSignal=SIGCONT
PrivateTmp=true

[Install]
WantedBy=multi-user.target
END
if $root/usr/sbin/httpd -v >/dev/null 2>&1; then
    echo 'The program runs without its collection, so it proves nothing.' >&2
    exit 1
fi
systemctl daemon-reload
systemctl enable --now httpd24-httpd
