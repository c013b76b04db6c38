"""Field cases S2 and S3: links in mods-enabled that lead elsewhere, and mods-enabled as a link."""

from field import on
from test_mods_enabled_real_file import ENABLED, TUNED, WAYS_BACK

SITE = '/srv/apache-conf'
AVAILABLE = '/etc/apache2/mods-available'


@on('debian12')
@WAYS_BACK
def test_links_with_other_targets_come_back(host, back):
    """People keep their tuned files in a folder of their own, often under version control.

    The links in mods-enabled lead there, and others were made by hand with absolute targets.
    """
    host.write(f'{SITE}/prefork-tuned.conf', TUNED)
    host.shell(f'ln -sf {SITE}/prefork-tuned.conf {ENABLED}/mpm_prefork.conf')
    host.shell(f'ln -sf {AVAILABLE}/mpm_prefork.load {ENABLED}/mpm_prefork.load')
    host.restart()
    host.there_and_back(back, more=(SITE,))


@on('debian12')
def test_a_folder_that_is_a_link(host):
    """People share mods-enabled between hosts, or keep it below /srv: the folder is a link.

    The links in it are absolute, as relative ones would not lead to mods-available.
    """
    host.shell(
        f'mkdir {SITE} && cp -a {ENABLED} {SITE}/enabled && cd {SITE}/enabled && '
        'for link in *; do ln -sf "$(readlink -f "/etc/apache2/mods-enabled/$link")" "$link"; done'
        f' && rm -r {ENABLED} && ln -s {SITE}/enabled {ENABLED}'
    )
    host.restart()
    host.there_and_back(more=(SITE,))


@on('debian12')
def test_a_folder_that_is_a_link_beside_it(host):
    """People keep several sets of modules beside each other, and link one of them.

    Relative links in there still lead to mods-available.
    """
    host.shell(f'mv {ENABLED} /etc/apache2/mods-web && ln -s mods-web {ENABLED}')
    host.restart()
    host.there_and_back()


@on('debian12')
def test_available_that_is_a_link(host):
    """People move the whole of mods-available into a repository, and leave a link.

    The links of mods-enabled go through it.
    """
    host.shell(f'mkdir {SITE} && mv {AVAILABLE} {SITE}/available')
    host.shell(f'ln -s {SITE}/available {AVAILABLE}')
    host.restart()
    host.there_and_back(more=(SITE,))
