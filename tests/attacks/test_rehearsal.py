"""What somebody does to folders of his while a switch is rehearsed.

Nothing of his is laid over what root reads, and nothing of root's is copied for him. He can neither
prevent the rehearsal nor have it grow.
"""

import json

from scene import EVERYWHERE, on
from target import TARGET

# What one rehearsal may hold in memory in files, in KiB.
MOST_PRIVATE_KIB = 200 * 1024
UPLOADS = '/home/owner/www/uploads'


def rehearse(scene, **options):
    """Switch with a rehearsal, which has to be had; return the Answer."""
    answer = scene.switch(rehearse='required', **options)
    assert answer.result['rehearsal']['state'] == 'passed', answer.result['msg']
    assert answer.result['outcome'] == 'switched', answer.result['msg']
    assert answer.private_kib < MOST_PRIVATE_KIB
    return answer


def make_etc(person, folder):
    """Make a folder of his that would do for /etc, and would have root run his program."""
    person.run('bash', f'{TARGET}/etc.sh', folder, f'{person.home}/evil', check=True)


# ---- a folder is swapped for a link to /etc, once what is in it was copied


@EVERYWHERE
def test_log_folder_in_a_home_is_swapped(scene):
    make_etc(scene.owner, '/home/owner/logs')
    scene.owner.start('swap.py', '/home/owner/logs', '/home/owner/logs', '/etc')
    rehearse(scene)


@EVERYWHERE
def test_folder_above_a_log_folder_is_swapped(scene):
    scene.owner.sh('mkdir -p site/logs other; ln -s /etc other/logs', check=True)
    scene.add_to_site(
        '<VirtualHost *:8080>\nServerName more.test\n'
        'ErrorLog /home/owner/site/logs/error.log\n</VirtualHost>\n',
    )
    make_etc(scene.owner, '/home/owner/site/logs')
    scene.owner.start('swap.py', '/home/owner/site/logs', '/home/owner/site', '/home/owner/other')
    rehearse(scene)


@EVERYWHERE
def test_folder_that_a_page_writes_into_is_swapped(scene):
    make_etc(scene.owner, '/home/owner/etc')
    scene.page.cgi(f'import os\nos.system("cp -a /home/owner/etc {UPLOADS}/etc")\n')
    scene.page.start('swap.py', f'{UPLOADS}/etc', f'{UPLOADS}/etc', '/etc')
    rehearse(scene)


@on('debian12')
def test_lock_folder_of_the_web_server_is_swapped(scene):
    """Debian's own: any page may write there, as it belongs to www-data."""
    make_etc(scene.owner, '/home/owner/etc')
    scene.page.cgi('import os\nos.system("cp -a /home/owner/etc/. /run/lock/apache2/")\n')
    scene.page.start('swap.py', '/run/lock/apache2', '/run/lock/apache2', '/etc')
    rehearse(scene)


# ---- a file is swapped for a link to what only root may read, once it was looked at

# The first page of the site runs in the rehearsal, too, and keeps for its owner what it sees there.
THIEF = f"""
import glob, os, time
for path in glob.glob('/home/owner/logs/*') + glob.glob('{UPLOADS}/mine/*'):
    if os.access(path, os.R_OK) and not os.path.islink(path):
        with open('{UPLOADS}/loot-%f' % time.time(), 'ab') as loot:
            loot.write(open(path, 'rb').read(65536))
"""


@EVERYWHERE
def test_files_of_a_log_folder_are_swapped_for_links_to_shadow(scene):
    scene.owner.sh('chmod 755 logs', check=True)
    scene.page.cgi(THIEF, 'index.cgi')
    scene.owner.start('flip.py', '/home/owner/logs', '/etc/shadow', 400)
    rehearse(scene)


@EVERYWHERE
def test_files_of_a_page_are_swapped_for_links_to_shadow(scene):
    scene.page.cgi(f'import os\nos.mkdir("{UPLOADS}/mine")\n' + THIEF, 'index.cgi')
    scene.page.start('flip.py', f'{UPLOADS}/mine', '/etc/shadow', 400)
    rehearse(scene)


# ---- folders that are too large, and things that are no files


@EVERYWHERE
def test_many_files_do_not_keep_the_server_from_being_rehearsed(scene):
    scene.owner.sh('cd logs && for i in $(seq 2001); do echo >data-$i; done', check=True)
    rehearse(scene)


# They take no room where they are, as they hold nothing.
LARGE = f"""
import os
os.mkdir('{UPLOADS}/mine')
for number in range(1500):
    open('{UPLOADS}/mine/data-%d' % number, 'w').truncate(1048576)
"""


@EVERYWHERE
def test_large_files_of_a_page_do_not_fill_the_memory(scene):
    scene.page.cgi(LARGE)
    scene.page.start('keep_open.py', f'{UPLOADS}/mine/kept')
    rehearse(scene)


ODD = r"""
cd "$1"; mkfifo fifo; ln -s fifo link-to-fifo; ln -s nowhere dangling; ln -s loop loop
ln -s /etc/shadow link-to-shadow; ln -s / root; ln -s /dev/zero endless; echo x >file; ln file hard
truncate -s 1T huge; mkdir -p $(printf 'deep/%.0s' $(seq 200)); mkdir closed; chmod 0 closed
touch "$(printf 'new\nline')" "$(printf 'esc\033[2J')" "$(printf 'not-utf8-\377')" -- '-rf'
"$2" -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
"""


@EVERYWHERE
def test_odd_things_in_a_log_folder(scene):
    scene.owner.run('bash', '-c', ODD, 'odd', '/home/owner/logs', scene.layout.python, check=True)
    rehearse(scene)


@EVERYWHERE
def test_odd_things_in_a_folder_of_a_page(scene):
    scene.owner.write('odd.sh', ODD)
    odd = f'bash /home/owner/odd.sh {UPLOADS}/mine {scene.layout.python}'
    scene.page.cgi(f'import os\nos.mkdir("{UPLOADS}/mine")\nos.system("{odd}")\n')
    scene.page.start('keep_open.py', f'{UPLOADS}/mine/kept')
    rehearse(scene)


# ---- the rehearsed server may do no more than the one that serves

# Each run of the page notes in what it runs: the live one, and the rehearsed one.
WHERE = f"""
import json, os
lines = [line.rstrip().split(':\\t', 1) for line in open('/proc/self/status')]
status = dict(line for line in lines if len(line) == 2)
network = os.readlink('/proc/self/ns/net').strip('net:[]')
with open('{UPLOADS}/ran-%s' % network, 'w') as stream:
    stream.write(json.dumps({{'tmp': sorted(os.listdir('/tmp')), 'bound': status['CapBnd'],
                             'no new privileges': status.get('NoNewPrivs')}}))
"""
BOUNDS = """
[Service]
CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_KILL CAP_SETGID CAP_SETUID
CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SYS_PTRACE
"""


@on('el7', 'el9', 'debian12', 'suse')
def test_rehearsed_server_is_as_bounded_as_its_service(scene):
    """It sees the private /tmp of the service, and has no capability beyond those of it."""
    unit = scene.layout.restart.split()[-1]
    drop_in = f'/run/systemd/system/{unit}.service.d/bounds.conf'
    begin = f'mkdir -p "${{1%/*}}"; cat >"$1"; systemctl daemon-reload; {scene.layout.restart}'
    scene.shell(begin, drop_in, given=BOUNDS)
    try:
        scene.mallory.sh('touch /tmp/of-mallory', check=True)
        scene.page.cgi(WHERE, 'index.cgi')
        rehearse(scene)
        notes = scene.shell(f'for file in {UPLOADS}/ran-*; do cat $file; echo; done')
        ran = [json.loads(line) for line in notes.splitlines()]
        assert len(ran) == 2, ran
        assert ran[0] == ran[1] and 'of-mallory' not in ran[0]['tmp']
    finally:
        scene.shell('rm -r "${1%/*}"; systemctl daemon-reload', drop_in)
