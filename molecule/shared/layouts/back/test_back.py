"""Everything is as it was at the start: contents, links, owners and modes."""

import layouts


def test_the_first_mpm_runs(host):
    assert layouts.running_mpm(host) == layouts.wishes(host)['first_mpm']


def test_php_runs(host):
    status, body = layouts.page(host, '/sapi.php')
    assert (status, 'zts=' in body) == (200, True)


def test_every_path_is_as_it_was(host):
    allowed = layouts.wishes(host).get('differs', [])
    lines = host.run('diff /root/fingerprint /root/fingerprint.back').stdout.splitlines()
    assert len(host.file('/root/fingerprint').content_string.splitlines()) > 30
    assert [
        line for line in lines if line[:1] in '<>' and not any(path in line for path in allowed)
    ] == []
