"""Every byte is as it was at the start, and the others are the same processes still."""

import layouts


def test_the_first_mpm_runs(host):
    assert layouts.running_mpm(host) == layouts.wishes(host)['first_mpm']
    assert layouts.page(host, '/')[0] == 200


def test_the_others_are_the_same_processes(host):
    assert layouts.bystanders(host).split() == host.file('/root/bystanders').content_string.split()


def test_every_path_is_as_it_was(host):
    before = host.file('/root/fingerprint').content_string
    folder = {
        'collection': '/opt/rh/httpd24/root/etc',
        'source': '/usr/local/apache2/conf',
        'instance': '/etc/httpd/conf',
    }
    assert f'{folder[layouts.wishes(host)["place"]][1:]}/' in before
    assert host.file('/root/fingerprint.back').content_string == before
