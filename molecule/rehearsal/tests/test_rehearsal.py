"""The server runs what was asked for, and nothing of the rehearsals is left."""

import layouts


def test_the_wanted_mpm_runs(host):
    assert layouts.running_mpm(host) == layouts.wishes(host).get('wanted_mpm', 'worker')


def test_a_page_is_served(host):
    assert layouts.page(host, '/')[0] == 200


def test_no_process_is_left(host):
    main = layouts.main_pid(host)
    family = {str(main)} | set(host.run(f'pgrep --parent {main}').stdout.split())
    programs = set(host.run("pgrep '^(apache2|httpd)'").stdout.split())
    assert programs <= family


def test_nothing_is_left_on_the_disk(host):
    names = set(host.file('/var/lib/webops-apache-mpm').listdir())
    assert not [name for name in names if name.isdigit() or name == 'output']
    assert 'webops-apache-mpm' not in host.check_output('cat /proc/1/mountinfo')
