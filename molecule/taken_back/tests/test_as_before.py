"""Everything is as it was before the switch, blocks that had been added included."""

import server


def test_the_prefork_program_runs(host):
    assert server.running_program(host) == '/usr/sbin/httpd'
    assert 'zts=0' in server.page(host, '/sapi.php')[1]


def test_every_file_is_as_it_was(host):
    assert server.differences(host) == []
    assert server.files_added(host) == ''
    assert server.leftovers(host) == ''


def test_the_state_folder_is_roots_alone(host):
    folder = host.file('/var/lib/webops-apache-mpm')
    assert (folder.user, folder.mode) == ('root', 0o700)
    assert host.check_output('find /var/lib/webops-apache-mpm -type f -perm /077') == ''


def test_nothing_is_unfinished(host):
    assert not host.file('/var/lib/webops-apache-mpm/journal').exists
