"""Field case R1: the document root cannot be written."""

import pytest
from field import on

ROOTS = {'debian12': '/var/www/html', 'el6': '/var/www/html', 'suse': '/srv/www/htdocs'}
READ_ONLY = 'mount --bind $1 $1 && mount -o remount,ro,bind $1'


def demand_there_and_back(host, **options):
    host.shell(READ_ONLY, ROOTS[host.layout.name])
    host.restart()
    host.there_and_back(**options)
    host.demand_runs('prefork')


@on('el6')
def test_read_only_documents_with_php(host):
    """People mount the sites read-only, from NFS or an image.

    The page that asks PHP can lie elsewhere, or the result says that it was not asked.
    """
    demand_there_and_back(host)


@on('debian12')
def test_read_only_documents_without_php(host):
    """People have the same where the new MPM gets no PHP: there is no page to write."""
    demand_there_and_back(host)


@on('debian12')
def test_read_only_documents_with_fpm(host):
    """People have the same with PHP-FPM, which answers under each MPM."""
    host.shell('a2dismod -q php8.2 && a2enmod -q proxy_fcgi setenvif && a2enconf -q php8.2-fpm')
    host.shell('systemctl start php8.2-fpm')
    host.restart()
    demand_there_and_back(host, php=None)


@on('debian12')
@pytest.mark.parametrize('way', ['missing', 'of another file system'])
def test_an_unusual_document_root(host, way):
    """People remove the default document root, or mount another file system there."""
    root = ROOTS['debian12']
    if way == 'missing':
        host.shell('sed -i "s#DocumentRoot .*#DocumentRoot /srv/gone#" "$1"/*', host.layout.sites)
    else:
        host.shell('cp -a $1 /root/pages && mount -t tmpfs none $1 && cp -a /root/pages/. $1', root)
    host.restart()
    host.there_and_back()
