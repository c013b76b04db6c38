"""The package came first, then the switch; and what stood against it before is still there."""

import layouts


def test_the_switch_was_made_with_the_php_of_the_package(host):
    if host.backend.get_hostname() == 'web':
        assert layouts.running_mpm(host) == 'prefork'
        assert 'zts=0' in layouts.page(host, '/sapi.php')[1]
        assert host.check_output("dpkg-query -W -f='${Version}' libapache2-mod-php") == '9:1'
    else:
        assert host.run('dpkg-query -W psa || rpm -q psa').rc == 0


def test_nothing_was_removed(host):
    name = {'web': 'shop-portal', 'shop': 'shop-portal', 'legacy': 'psa'}[
        host.backend.get_hostname()
    ]
    assert host.run(f"dpkg-query -W -f='${{Status}}' {name} || rpm -q {name}").rc == 0
