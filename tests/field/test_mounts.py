"""Field case R3: files of the configuration lie on mounts of their own, or cannot be replaced."""

import pytest
from field import AFTER_A_SWITCH, demand_same, on

CHOICE = {
    'el9': '/etc/httpd/conf.modules.d/00-mpm.conf',
    'el7': '/etc/httpd/conf.modules.d/00-mpm.conf',
    'el6': '/etc/sysconfig/httpd',
    'suse': '/etc/sysconfig/apache2',
}
FOLDER = {'el9': '/etc/httpd', 'el6': '/etc/sysconfig', 'debian12': '/etc/apache2'}


def switched_or_untouched(host, before):
    """Switch, and return whether it was done; a refusal says why, and leaves all as `before`."""
    result = host.switch().result
    if result['outcome'] == 'refused':
        assert 'cannot_swap' in host.refusals(result), result['msg']
        demand_same(before, host.fingerprint())
        return False
    assert result['outcome'] == 'switched', result['msg']
    return True


@on('el9', 'el6', 'debian12')
def test_the_folder_is_a_bind_mount(host):
    """People mount the configuration from another place of the same file system.

    A rename across a mount fails, even though the device is the same.
    """
    folder = FOLDER[host.layout.name]
    host.shell('mount --bind $1 $1', folder)
    host.restart()
    before = host.fingerprint()
    if switched_or_untouched(host, before):
        host.demand_switched(mpm=host.layout.mpms[0])
        demand_same(before, host.fingerprint(), only=AFTER_A_SWITCH)


@on('el9', 'el7', 'el6', 'suse')
def test_the_file_is_a_bind_mount(host):
    """People mount one file into a container or a chroot: nothing can take its place.

    That is to be tried before the stop.
    """
    path = CHOICE[host.layout.name]
    host.shell('cp -a $1 /root/mounted && mount --bind /root/mounted $1', path)
    host.restart()
    host.demand_refused('cannot_swap')
    host.demand_runs(host.layout.mpms[0])


@on('el9', 'el6', 'debian12')
@pytest.mark.parametrize('check', [False, True], ids=['tried', 'check mode'])
def test_the_folder_is_read_only(host, check):
    """People mount the configuration read-only, since another tool writes it on another host.

    That is to be tried before the stop.
    """
    folder = FOLDER[host.layout.name]
    host.shell('mount --bind $1 $1 && mount -o remount,ro,bind $1', folder)
    result = host.demand_refused('cannot_swap', check=check)
    assert ('nothing was written to try it' in result['msg']) == check
    host.demand_runs(host.layout.mpms[0])


@on('debian12')
@pytest.mark.parametrize('folder', ['/etc/apache2/mods-enabled'])
def test_a_folder_below_is_a_bind_mount(host, folder):
    """People mount only mods-enabled, from a folder for each role of a host."""
    host.shell('mount --bind $1 $1', folder)
    host.restart()
    switched_or_untouched(host, host.fingerprint())
