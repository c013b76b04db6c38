"""Field case L1: a link in mods-enabled leads nowhere."""

import pytest
from field import on


@on('debian12')
@pytest.mark.parametrize('folder', ['mods-enabled', 'conf-enabled'])
def test_a_dangling_link(host, folder):
    """People remove a package and leave the link behind; httpd takes no notice."""
    demand_no_notice(host, f'/etc/apache2/{folder}/gone.{folder[:4].replace("mods", "load")}')


@on('debian12')
def test_a_dangling_link_to_a_site(host):
    """People remove the file of a site and leave its link; httpd takes no notice."""
    demand_no_notice(host, '/etc/apache2/sites-enabled/gone.conf')


def demand_no_notice(host, link):
    host.shell('ln -s ../gone/gone.conf "$1"', link)
    host.restart()
    host.there_and_back()
