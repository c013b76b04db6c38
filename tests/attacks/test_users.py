"""What local users take, fill and watch: the server is switched, and nothing of root's is met."""

import pytest
from scene import EVERYWHERE, on

# Where everybody may make something.
OPEN_FOLDERS = ('/tmp', '/var/tmp', '/dev/shm', '/run/lock', '/var/lock')


@pytest.mark.long
@EVERYWHERE
def test_thousands_of_listening_sockets(scene):
    """The tables of the kernel are long then, and are read often while a server changes."""
    scene.mallory.start('listen.py', 'many')
    scene.demand_switched(rehearse='required')


@pytest.mark.long
@on('el9', 'debian12', 'suse')
def test_thousands_of_listening_sockets_beside_an_overlap(scene):
    scene.mallory.start('listen.py', 'many')
    scene.demand_switched(strategy='overlap')


@EVERYWHERE
def test_shared_memory_is_full(scene):
    scene.mallory.sh('cat /dev/zero >/dev/shm/full', check=False)
    scene.demand_switched(rehearse='required')


@pytest.mark.parametrize('rehearse', ['never', 'required'])
@EVERYWHERE
def test_nothing_of_ours_is_made_where_all_may_write(scene, rehearse):
    """So there is nothing that somebody could have made before, or could put something else for."""
    scene.mallory.start('watch.py', *OPEN_FOLDERS)
    scene.demand_switched(rehearse=rehearse)
    made = [line for line in scene.mallory.stop().splitlines() if 'systemd-private-' not in line]
    assert not made


@on('el9', 'debian12', 'suse')
def test_port_is_taken_while_the_server_changes(scene):
    """Any user may take 8080 when it is free. With an overlap it never is."""
    scene.mallory.start('listen.py', 'gap', 8080)
    scene.demand_switched(strategy='overlap', soak=1)
    assert 'taken' not in scene.mallory.stop()


@pytest.mark.long
@EVERYWHERE
def test_port_that_is_taken_in_the_gap_is_named(scene):
    """Any user may take 8080 while no server has it. The error names who has it."""
    scene.longest_gap = 60
    scene.mallory.start('listen.py', 'gap', 8080)
    answer = scene.switch(strategy='stop').result
    taken = 'taken' in scene.mallory.stop()
    if not taken:
        assert answer['outcome'] == 'switched', answer['msg']
        return
    assert answer['outcome'] == 'rollback_failed', answer['msg']
    assert 'port 8080 is held by process' in answer['msg'] and 'user mallory' in answer['msg']
    assert scene.recover().result['outcome'] == 'recovered'
    scene.settled()
