"""What pages and their owner do besides: a switch is bounded, and the server serves."""

import pytest
from scene import EVERYWHERE, on
from test_words import asked_all_the_time

UPLOADS = '/home/owner/www/uploads'


@EVERYWHERE
def test_process_with_much_to_read_in_proc(scene):
    scene.page.cgi(f'import os\nos.mkdir("{UPLOADS}/mine")\n')
    scene.page.start('heavy.py', f'{UPLOADS}/mine')
    scene.demand_switched(rehearse='required')


@pytest.mark.long
@EVERYWHERE
def test_page_that_crashes_the_process_that_serves_it(scene):
    """CGI has that as its parent. A crash is real, even one that a page causes, and may have a
    switch taken back; but then the old server serves, though the page crashes that, too.
    """
    scene.page.cgi('pass', 'crash.cgi')
    program = 'import os, signal\nos.kill(os.getppid(), signal.SIGSEGV)\n'
    head = f'#!/usr/bin/env {scene.layout.python}\n'
    scene.owner.write('www/crash.cgi', head + program, '755')
    with asked_all_the_time(scene, '/crash.cgi', 8080) as answers:
        answer = scene.switch(soak=1).result
    assert 0 in answers
    assert answer['outcome'] in ('switched', 'rolled_back'), answer['msg']


@pytest.mark.long
@on('el6', 'debian12')
@pytest.mark.parametrize('end', ['sleep 600', 'cat /dev/zero'])
def test_first_page_that_never_ends(scene, end):
    """It is asked for before, in the rehearsal, and after."""
    text = f'#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"\n{end}\n'
    scene.owner.write('www/index.cgi', text, '755')
    scene.demand_switched(rehearse='required', soak=1, seconds=120)


STOP = """
import os, signal
for name in os.listdir('/proc'):
    try:
        with open('/proc/%d/comm' % int(name)) as comm:
            if comm.read().startswith(('httpd', 'apache2')) and int(name) != os.getppid():
                os.kill(int(name), signal.SIGSTOP)
    except (ValueError, IOError, OSError):
        pass
"""


@pytest.mark.long
@on('el6', 'debian12')
def test_page_that_stops_the_other_processes_of_the_server(scene):
    """They can neither serve nor end. So nobody is served until others take their place."""
    scene.longest_gap = 60
    scene.page.cgi(STOP)
    scene.demand_switched(seconds=120)


@on('el6', 'el7', 'el9', 'debian12')
def test_owner_of_the_first_site_gets_no_page_of_ours(scene):
    """The page that asks PHP lies where root alone writes, whatever link leads elsewhere."""
    scene.shell('mv /var/www/html /var/www/stock; ln -s /home/owner/www /var/www/html')
    try:
        scene.shell('cp /var/www/stock/* /home/owner/www && chown -R owner: /home/owner/www/*')
        scene.owner.start('watch.py', '/home/owner/www')
        scene.demand_switched(rehearse='required')
        assert scene.owner.stop() == ''
    finally:
        scene.shell('rm /var/www/html; mv /var/www/stock /var/www/html')
