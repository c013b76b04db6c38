"""Field case R4: a page that answers otherwise when it is asked too often, or after a restart."""

import pytest
from field import on

FOLDER = '/var/lib/site'
# As mod_evasive: 403 to who asks more than so often a second.
LIMITED = """<?php
$file = fopen('%s/asked', 'c+');
flock($file, LOCK_EX);
list($second, $count) = array_map('intval', explode(' ', fgets($file) ?: '0 0'));
$count = $second == time() ? $count + 1 : 1;
rewind($file);
fwrite($file, time() . ' ' . $count . ' ');
fclose($file);
if ($count > MOST) http_response_code(403);
echo 'the shop';
"""
# Answers 200 as long as a file is there, which the first start of another MPM removes.
ONCE = "<?php if (!file_exists('%s/well')) http_response_code(500); echo 'the shop';"


def write_first_page(host, text):
    host.shell('mkdir -m 777 $1 && touch $1/well && chmod 666 $1/well', FOLDER)
    host.write('/var/www/html/index.php', text % FOLDER)
    host.shell('rm -f /var/www/html/index.html')
    host.write('/etc/httpd/conf.d/zz-index.conf', 'DirectoryIndex index.php\n')
    host.restart()
    assert 'the shop' in host.visitor.get('/')[1], 'the first page is another one'


@on('el9', 'el6')
@pytest.mark.parametrize('most', [1, 2])
def test_a_page_with_a_limit(host, most):
    """People limit how often one address may ask, as mod_evasive and firewalls of PHP do.

    A proof that asks fast gets 403 and takes that for a broken server.
    """
    write_first_page(host, LIMITED.replace('MOST', str(most)))
    host.shell('sleep 1')
    host.demand_switched()
    # The proof has asked in this second.
    host.shell('sleep 1')
    host.demand_runs(host.layout.mpms[1])


@on('el9', 'el6')
def test_a_page_that_breaks_meanwhile(host):
    """People have pages that break in the very minute of a switch, by a database or a full disk.

    All is taken back, and the page is as broken as before: that is no way back that failed.
    """
    write_first_page(host, ONCE)
    guard = 'mpm_prefork_module' if host.layout.name == 'el9' else 'worker.c'
    host.write(
        '/usr/local/bin/break', f'#!/bin/sh\nrm -f {FOLDER}/well\nexec cat >/dev/null\n', '755'
    )
    line = f'<IfModule {guard}>\nCustomLog "|/usr/local/bin/break" common\n</IfModule>\n'
    host.write('/etc/httpd/conf.d/zz-log.conf', line)
    before = host.fingerprint().files
    result = host.switch(rehearse='never').result
    assert result['outcome'] == 'rolled_back', result['msg']
    after = host.fingerprint().files
    assert {path for path in before if before[path] != after.get(path)} == set()
