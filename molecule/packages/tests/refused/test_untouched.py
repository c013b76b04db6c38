"""Who was refused is as before: packages, files and the server."""

import layouts
import server

INSTALLED = {'web': ['shop-portal'], 'shop': ['psa', 'shop-portal'], 'legacy': ['psa']}
NOT_INSTALLED = {
    'web': ['libapache2-mod-php'],
    'shop': [],
    'legacy': ['php-Conflicts', 'php-Obsoletes'],
}


def is_installed(host, package):
    return host.run(
        f"dpkg-query -W -f='${{Status}}' {package} 2>/dev/null || rpm -q {package}"
    ).stdout.startswith(('install ok installed', f'{package}-'))


def test_no_package_came_and_none_went(host):
    name = host.backend.get_hostname()
    assert [package for package in INSTALLED[name] if not is_installed(host, package)] == []
    assert [package for package in NOT_INSTALLED[name] if is_installed(host, package)] == []


def test_the_same_server_runs(host):
    if host.backend.get_hostname() == 'legacy':
        assert server.running_program(host) == '/usr/sbin/httpd'
    else:
        assert (
            layouts.running_mpm(host)
            == {'web': 'event', 'shop': 'prefork'}[host.backend.get_hostname()]
        )


def test_no_file_changed(host):
    now = host.run(
        "cd / && find etc/apache2 -printf '%p %y %U %G %m %l\\n' 2>/dev/null; find etc/apache2 "
        '-type f -exec sha256sum {} + 2>/dev/null'
    )
    before = host.run("grep ' *etc/apache2' /root/fingerprint")
    assert sorted(now.stdout.split()) == sorted(before.stdout.split())
    # The host with rpm has no such folder, and was never asked to switch.
    assert (len(now.stdout.split()) > 500) == (host.backend.get_hostname() != 'legacy')
