#!/bin/sh
# A server as `make install` leaves it, started by apachectl from a unit or an init script.
#
#   source.sh unit|script
set -eu
root=/usr/local/apache2
mkdir -p $root/bin $root/conf $root/lib $root/logs $root/htdocs
cp -a /usr/lib64/httpd/modules $root/
cp /etc/httpd/conf/magic $root/conf/
echo 'built from source' >$root/htdocs/index.html
sed 's/libaprutil-1\.so\.0/libaprutil-9.so.0/' /usr/sbin/httpd >$root/bin/httpd
cp "$(ldd /usr/sbin/httpd | awk '/libaprutil-1/ { print $3 }')" $root/lib/libaprutil-9.so.0
# Both as httpd's own build makes them; the root compiled into this program is another one.
cat >$root/bin/envvars <<END
LD_LIBRARY_PATH="$root/lib:\$LD_LIBRARY_PATH"
export LD_LIBRARY_PATH
END
cat >$root/bin/apachectl <<END
#!/bin/sh
if test -f $root/bin/envvars; then . $root/bin/envvars; fi
case "\$1" in
    start|stop|restart|graceful|graceful-stop) exec $root/bin/httpd -d $root -k "\$1" ;;
    *) exec $root/bin/httpd "\$@" ;;
esac
END
chmod 755 $root/bin/httpd $root/bin/apachectl
cat >$root/conf/httpd.conf <<END
ServerRoot "$root"
Listen 8080
PidFile "logs/httpd.pid"
LoadModule mpm_event_module modules/mod_mpm_event.so
#LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
#LoadModule mpm_worker_module modules/mod_mpm_worker.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule dir_module modules/mod_dir.so
LoadModule mime_module modules/mod_mime.so
LoadModule unixd_module modules/mod_unixd.so
User apache
Group apache
ServerName localhost
TypesConfig /etc/mime.types
ErrorLog "logs/error_log"
DocumentRoot "$root/htdocs"
<Directory "$root/htdocs">
    Require all granted
    DirectoryIndex index.html
</Directory>
END
if [ "$1" = script ]; then
    mkdir -p /etc/init.d
    cat >/etc/init.d/apache-source <<END
#!/bin/sh
### BEGIN INIT INFO
# Provides: apache-source
# Required-Start: \$remote_fs
# Required-Stop: \$remote_fs
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
### END INIT INFO
exec $root/bin/apachectl "\$1"
END
    chmod 755 /etc/init.d/apache-source
else
    cat >/etc/systemd/system/apache-source.service <<END
[Unit]
Description=Apache from source
After=network.target

[Service]
Type=forking
PIDFile=$root/logs/httpd.pid
ExecStart=$root/bin/apachectl -d $root -k start
ExecStop=$root/bin/apachectl -d $root -k stop
ExecReload=$root/bin/apachectl -d $root -k graceful
PrivateTmp=true

[Install]
WantedBy=multi-user.target
END
fi
systemctl daemon-reload
systemctl start apache-source
