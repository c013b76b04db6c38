"""Processes of strangers: what they run, hold and say neither stops the server nor its switch."""

import pytest
from scene import EVERYWHERE, on
from target import TARGET, wait_until

SYSTEMD = on('el7', 'el9', 'debian12', 'suse')
# httpd takes half a second to start on a machine where others work; a stop waits for 2 s at most.
MOST_OUTAGE_MS = 4000
UPLOADS = '/home/owner/www/uploads'


def program_of(scene):
    return scene.shell(f'readlink /proc/$(cat {scene.layout.pid_file})/exe').strip()


def demand_switched(answer, outage_ms=MOST_OUTAGE_MS):
    result = answer.result
    assert result['outcome'] == 'switched', result['msg']
    assert result['outage_ms'] <= outage_ms, result['timeline']
    return result


def demand_alive(scene, count=40):
    """Every connection is answered: there is no socket that nobody takes any from."""
    answers = [scene.visitor.get('/', port=8080, timeout=3)[0] for _each in range(count)]
    assert answers == [200] * count


def warnings_of(result):
    return ' '.join(result['warnings'] + [finding['reason'] for finding in result['findings']])


# ---- who runs the same program


@pytest.mark.parametrize('strategy', ['stop', 'auto'])
@EVERYWHERE
def test_swarm_of_a_local_user(scene, strategy):
    scene.mallory.start('swarm.py', program_of(scene), '/home/mallory', 16)
    assert 'mpm' in scene.audit().result
    demand_switched(scene.switch(strategy=strategy))
    demand_switched(scene.switch(scene.layout.mpms[0], strategy=strategy))
    assert scene.mallory.sh('cat ended').stdout == '', 'processes of others were signalled'
    demand_alive(scene)


@pytest.mark.parametrize('drain', [0, 2])
@EVERYWHERE
def test_swarm_of_a_page(scene, drain):
    """Without a drain systemd stops the unit, and would wait 90 s for it, before it is started."""
    scene.page.start('swarm.py', program_of(scene), UPLOADS, 16)
    demand_switched(scene.switch(drain_timeout=drain))
    demand_alive(scene)


@EVERYWHERE
def test_swarm_and_a_start_that_fails(scene):
    """The way back is not held up, either."""
    scene.mallory.start('swarm.py', program_of(scene), '/home/mallory', 16)
    only_new = f'<IfModule {scene.layout.mpms[1]}.c>\nCustomLog "|/not/there" common\n</IfModule>\n'
    scene.shell('cat >>$1', f'{scene.layout.sites}/zz-owner.conf', given=only_new)
    answer = scene.switch().result
    assert answer['outcome'] == 'rolled_back', answer['msg']
    assert answer['outage_ms'] <= MOST_OUTAGE_MS, answer['timeline']
    assert scene.mallory.sh('cat ended').stdout == '', 'processes of others were signalled'


@SYSTEMD
def test_user_with_a_root_of_his_own(scene):
    """In namespaces of his he is root, and his program lies where httpd does."""
    program = program_of(scene)
    scene.mallory.write(
        'inside',
        '#!/bin/sh\n'
        f'cp /bin/sleep /home/mallory/own && mount --bind /home/mallory/own {program} && '
        f'echo ready && exec {program} 600\n',
        '755',
    )
    started = scene.mallory.start(
        'import os\nos.execvp("unshare", ["unshare", "-Urmpf", "/home/mallory/inside"])\n'
    )
    demand_switched(scene.switch())
    assert started.poll() is None, 'it was ended'


# ---- who holds the sockets of the server


@pytest.mark.parametrize('who', ['root', 'page'])
@pytest.mark.parametrize('strategy', ['stop', 'auto'])
@on('el9', 'debian12', 'suse')
def test_program_that_holds_the_listening_sockets(scene, strategy, who):
    """Root of these hosts can see what a process of root's holds, and not what one of others
    does.
    """
    user = 'root' if who == 'root' else scene.layout.user
    hold(scene, user)
    result = demand_switched(scene.switch(strategy=strategy))
    if who == 'root':
        assert 'keep_socket' in warnings_of(result) or 'python' in warnings_of(result)
        assert result['strategy']['used'] != 'overlap'
    demand_alive(scene)
    demand_switched(scene.switch(scene.layout.mpms[0], strategy='stop'))
    demand_alive(scene)


def hold(scene, user, *words):
    """Start the program, as root: it becomes the user's."""
    scene.root(
        'bash',
        '-c',
        f'setsid {scene.layout.python} -u {TARGET}/keep_socket.py "$@" >/tmp/held 2>&1 </dev/null '
        f'&',
        'hold',
        scene.layout.pid_file,
        user,
        *words,
        check=True,
    )
    assert wait_until(lambda: 'ready' in scene.root('cat', '/tmp/held').stdout, 10)


@pytest.mark.parametrize('who', ['root', 'page'])
@on('el9', 'debian12', 'suse')
def test_program_that_holds_them_once_the_new_server_serves(scene, who):
    hold(scene, 'root' if who == 'root' else scene.layout.user, 'later')
    demand_switched(scene.switch(strategy='overlap', soak=1), outage_ms=0)
    demand_alive(scene)


# ---- what a page tells systemd


@pytest.mark.parametrize('strategy', ['stop', 'overlap'])
@on('el7', 'el9')
def test_page_that_speaks_for_the_service(scene, strategy):
    """The unit of suse listens to all of its processes, whether something is switched or not."""
    scene.page.start('notify.py')
    demand_switched(scene.switch(strategy=strategy, soak=1))


# ---- what a user can fill


@on('el7', 'el9', 'debian12', 'suse')
def test_tmp_is_full(scene):
    """It is as small as it may be, and the server has been started since."""
    # A unit with a /tmp of its own has it below this one.
    stop, start = [scene.layout.restart.replace('restart', word) for word in ('stop', 'start')]
    scene.shell(f'{stop}; mount -t tmpfs -o size=64k,mode=1777 full /tmp && {start}')
    try:
        scene.mallory.sh('cat /dev/zero >/tmp/full')
        demand_switched(scene.switch())
        demand_switched(scene.switch(scene.layout.mpms[0], strategy='auto'), outage_ms=0)
    finally:
        scene.shell(f'{stop}; umount -l /tmp && {start}')


# ---- what the server gets from us


@on('el6')
def test_umask_of_the_server(scene):
    """The stock script of init sets one; others do not."""
    scene.shell("sed -i.stock '/^umask/d' /etc/init.d/functions")
    try:
        demand_switched(scene.switch())
        status = scene.shell(f'cat /proc/$(cat {scene.layout.pid_file})/status')
        assert 'Umask:\t0022' in status
    finally:
        scene.shell('mv /etc/init.d/functions.stock /etc/init.d/functions')
