"""What tests have to know of each kind of host."""
from collections import namedtuple

# python: runs the collection's code there; pid_file, log: of httpd; roots: folders in which a switch may touch files; mpms: the two to
# go between, the one of a fresh host first; php: what to ask for with each of them, where that is not what it needs; test: tests the
# configuration on the disk; prepare: shell commands for a fresh host; restart: of the service; user: as whom pages run;
# sites: the folder of which httpd reads every *.conf; cgi: shell commands that have httpd run CGI programs.
Layout = namedtuple('Layout', 'name image python pid_file log roots mpms php test prepare restart user sites cgi')

EL6 = Layout('el6', 'el6', 'python2.7', '/var/run/httpd/httpd.pid', '/var/log/httpd/error_log', ('/etc/sysconfig', '/etc/httpd', '/var/www/html'),
             ('prefork', 'worker'), {}, 'service httpd configtest', '', 'service httpd restart', 'apache', '/etc/httpd/conf.d', ':')
EL7 = EL6._replace(name='el7', image='el7', pid_file='/run/httpd/httpd.pid', php={'worker': 'none'}, test='httpd -t', restart='systemctl restart httpd')
EL9 = EL7._replace(name='el9', image='el9', python='python3', mpms=('event', 'prefork'), php={})
LAYOUTS = {
    'el6': EL6,
    'el6-el5php': EL6._replace(image='el6-el5php'),
    'el7': EL7,
    'debian12': Layout('debian12', 'debian12', 'python3', '/run/apache2/apache2.pid', '/var/log/apache2/error.log',
                       ('/etc/apache2', '/var/lib/apache2', '/var/www/html'), ('prefork', 'event'), {'event': 'none'}, 'apache2ctl configtest', '',
                       'systemctl restart apache2', 'www-data', '/etc/apache2/sites-enabled', 'a2enmod -q cgi'),
    'el9': EL9,
    # A connection starts the server.
    'el9-socket': EL9._replace(name='el9-socket', prepare='systemctl stop httpd && systemctl enable --now httpd.socket && systemctl start httpd'),
    'suse': Layout('suse', 'suse', 'python3', '/run/httpd.pid', '/var/log/apache2/error_log', ('/etc/apache2', '/etc/sysconfig', '/srv/www/htdocs'),
                   ('prefork', 'worker'), {'worker': 'none'}, 'start_apache2 -t', '', 'systemctl restart apache2', 'wwwrun', '/etc/apache2/vhosts.d', ':'),
}
