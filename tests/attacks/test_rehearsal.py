"""What somebody does to folders of his while a switch is rehearsed.

Nothing of his is laid over what root reads, nothing of root's is copied for him, and he can neither stop the rehearsal nor have it grow.
"""
import json

from scene import on
from target import TARGET

EVERYWHERE = on('el6', 'el7', 'el9', 'debian12', 'suse')

# What one rehearsal may hold in memory in files, in KiB.
MOST_PRIVATE_KIB = 200 * 1024
UPLOADS = '/home/owner/www/uploads'


def rehearse(scene, **options):
    """Switch with a rehearsal, which has to be had; give the Answer."""
    answer = scene.switch(rehearse='required', **options)
    assert answer.result['rehearsal']['state'] == 'passed', answer.result['msg']
    assert answer.result['outcome'] == 'switched', answer.result['msg']
    assert answer.private_kib < MOST_PRIVATE_KIB
    return answer


def make_etc(person, folder):
    """Make a folder of his that would do for /etc, but for the program of his in it that root would run."""
    person.run('bash', f'{TARGET}/etc.sh', folder, f'{person.home}/evil', check=True)


def add_to_site(scene, text):
    """Have root change the owner's site."""
    path = f'{scene.layout.sites}/zz-owner.conf'
    scene.root('sh', '-c', f'cat >>{path} && {scene.layout.restart}', given=text, check=True)


# ---- a folder is swapped for a link to /etc, once what is in it was copied


@EVERYWHERE
def test_log_folder_in_a_home_is_swapped(scene):
    make_etc(scene.owner, '/home/owner/logs')
    scene.owner.start('swap.py', '/home/owner/logs', '/home/owner/logs', '/etc')
    rehearse(scene)


@EVERYWHERE
def test_folder_above_a_log_folder_is_swapped(scene):
    scene.owner.sh('mkdir -p site/logs other; ln -s /etc other/logs', check=True)
    add_to_site(scene, '<VirtualHost *:8080>\nServerName more.test\nErrorLog /home/owner/site/logs/error.log\n</VirtualHost>\n')
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
import os, time
found = [open(os.path.join(folder, name), 'rb').read(65536) for folder in ('/home/owner/logs', '{UPLOADS}/mine') if os.path.isdir(folder)
         for name in os.listdir(folder) if os.access(os.path.join(folder, name), os.R_OK) and not os.path.islink(os.path.join(folder, name))]
with open('{UPLOADS}/loot-%f' % time.time(), 'wb') as stream:
    stream.write(b''.join(found))
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


@EVERYWHERE
def test_large_files_of_a_page_do_not_fill_the_memory(scene):
    """1,500 files of a megabyte each, which take no room where they are: they hold nothing."""
    scene.page.cgi(f'import os\nos.mkdir("{UPLOADS}/mine")\nfor i in range(1500): open("{UPLOADS}/mine/data-%d" % i, "w").truncate(1048576)\n')
    scene.page.start('keep_open.py', f'{UPLOADS}/mine/kept')
    rehearse(scene)


ODD = """
cd "$1"; mkfifo fifo; ln -s fifo link-to-fifo; ln -s nowhere dangling; ln -s loop loop; ln -s /etc/shadow link-to-shadow; ln -s / root
ln -s /dev/zero endless; echo x >file; ln file hard; truncate -s 1T huge; mkdir -p $(printf 'deep/%.0s' $(seq 200)); mkdir closed; chmod 0 closed
touch "$(printf 'new\\nline')" "$(printf 'esc\\033[2J')" "$(printf 'not-utf8-\\377')" -- '-rf'
"$2" -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
"""


@EVERYWHERE
def test_odd_things_in_a_log_folder(scene):
    scene.owner.run('bash', '-c', ODD, 'odd', '/home/owner/logs', scene.layout.python, check=True)
    rehearse(scene)


@EVERYWHERE
def test_odd_things_in_a_folder_of_a_page(scene):
    scene.owner.write('odd.sh', ODD)
    scene.page.cgi(f'import os\nos.mkdir("{UPLOADS}/mine")\nos.system("bash /home/owner/odd.sh {UPLOADS}/mine {scene.layout.python}")\n')
    scene.page.start('keep_open.py', f'{UPLOADS}/mine/kept')
    rehearse(scene)


# ---- the rehearsed server may do no more than the one that serves

# Each run of the page notes in what it runs: the live one, and the rehearsed one.
WHERE = f"""
import json, os
facts = dict(line.rstrip().split(':\\t', 1) for line in open('/proc/self/status') if ':\\t' in line)
where = dict((name, os.readlink('/proc/self/ns/' + name)) for name in ('net', 'pid'))
with open('{UPLOADS}/ran-%s' % where['net'].strip('net:[]'), 'w') as stream:
    stream.write(json.dumps({{'tmp': sorted(os.listdir('/tmp')), 'bound': facts['CapBnd'], 'no new privileges': facts.get('NoNewPrivs')}}))
"""
BOUNDS = '[Service]\nCapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_KILL CAP_SETGID CAP_SETUID CAP_NET_BIND_SERVICE CAP_SYS_PTRACE\n'


@on('el7', 'el9', 'debian12', 'suse')
def test_rehearsed_server_is_as_bounded_as_its_service(scene):
    """It sees the private /tmp of the service, and has no capability that the service does not have."""
    unit = scene.layout.restart.split()[-1]
    drop_in = f'/run/systemd/system/{unit}.service.d/bounds.conf'
    scene.root('sh', '-c', f'mkdir -p "${{1%/*}}"; cat >"$1"; systemctl daemon-reload; {scene.layout.restart}', 'sh', drop_in, given=BOUNDS, check=True)
    try:
        scene.mallory.sh('touch /tmp/of-mallory', check=True)
        scene.page.cgi(WHERE, 'index.cgi')
        rehearse(scene)
        ran = [json.loads(line) for line in scene.root('sh', '-c', f'for file in {UPLOADS}/ran-*; do cat $file; echo; done', check=True).stdout.splitlines()]
        assert len(ran) == 2, ran
        assert ran[0] == ran[1] and 'of-mallory' not in ran[0]['tmp']
    finally:
        scene.root('sh', '-c', 'rm -r "${1%/*}"; systemctl daemon-reload', 'sh', drop_in, check=True)
