"""What tests have to know of each kind of host."""

from __future__ import annotations

from typing import NamedTuple


class Layout(NamedTuple):
    """A kind of host.

    python: runs the collection's code there; pid_file, log: of httpd; roots: folders in which a
    switch may touch files; mpms: the two to go between, the one of a fresh host first; php: what
    to ask for with each of them, where that is not what it needs; test: tests the configuration
    on disk; prepare: shell commands for a fresh host; restart: of the service; user: as whom pages
    run; sites: folder whose *.conf httpd reads; cgi: shell commands that have httpd run CGI
    programs.
    """

    name: str
    image: str
    python: str
    pid_file: str
    log: str
    roots: tuple[str, ...]
    mpms: tuple[str, str]
    php: dict[str, str]
    test: str
    prepare: str
    restart: str
    user: str
    sites: str
    cgi: str


EL6 = Layout(
    name='el6',
    image='el6',
    python='python2.7',
    pid_file='/var/run/httpd/httpd.pid',
    log='/var/log/httpd/error_log',
    roots=('/etc/sysconfig', '/etc/httpd', '/var/www/html'),
    mpms=('prefork', 'worker'),
    php={},
    test='service httpd configtest',
    prepare='',
    restart='service httpd restart',
    user='apache',
    sites='/etc/httpd/conf.d',
    cgi=':',
)
EL7 = EL6._replace(
    name='el7',
    image='el7',
    pid_file='/run/httpd/httpd.pid',
    php={'worker': 'none'},
    test='httpd -t',
    restart='systemctl restart httpd',
)
EL9 = EL7._replace(name='el9', image='el9', python='python3', mpms=('event', 'prefork'), php={})
# mod_php under prefork, FPM under event.
EL8 = EL9._replace(name='el8-modphp', image='el8-modphp')
DEBIAN12 = Layout(
    name='debian12',
    image='debian12',
    python='python3',
    pid_file='/run/apache2/apache2.pid',
    log='/var/log/apache2/error.log',
    roots=('/etc/apache2', '/var/lib/apache2', '/var/www/html'),
    mpms=('prefork', 'event'),
    php={'event': 'none'},
    test='apache2ctl configtest',
    prepare='',
    restart='systemctl restart apache2',
    user='www-data',
    sites='/etc/apache2/sites-enabled',
    cgi='a2enmod -q cgi',
)
# PHP moves from its module to FPM and back.
DEBIAN12_FPM = DEBIAN12._replace(
    roots=(*DEBIAN12.roots, '/etc/php/8.2', '/etc/systemd/system'), php={'event': 'fpm'}
)
SUSE = DEBIAN12._replace(
    name='suse',
    image='suse',
    pid_file='/run/httpd.pid',
    log='/var/log/apache2/error_log',
    roots=('/etc/apache2', '/etc/sysconfig', '/srv/www/htdocs'),
    mpms=('prefork', 'worker'),
    php={'worker': 'none'},
    test='start_apache2 -t',
    user='wwwrun',
    sites='/etc/apache2/vhosts.d',
    cgi=':',
)
# A connection starts the server.
BY_SOCKET = 'systemctl stop httpd && systemctl enable --now httpd.socket && systemctl start httpd'
LAYOUTS = {
    'el6': EL6,
    'el6-el5php': EL6._replace(image='el6-el5php'),
    'el7': EL7,
    'el8-modphp': EL8,
    'el9': EL9,
    'el9-socket': EL9._replace(name='el9-socket', prepare=BY_SOCKET),
    'debian12': DEBIAN12,
    'debian12-fpm': DEBIAN12_FPM,
    'suse': SUSE,
}
