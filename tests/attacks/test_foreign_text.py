"""Files of strangers that root reads, or might: it ends in time and memory, and tells no secret."""

import json

from scene import on
from target import TARGET

EVERYWHERE = on('el6', 'el7', 'el9', 'debian12', 'suse')
# What on_host/fake_httpd.py and on_host/htaccess.py can make.
MAIN_FILES = (
    *('pipe', 'nested', 'wide', 'every_folder', 'bomb', 'macros', 'pattern', 'sections'),
    *('blank', 'huge', 'endless', 'terminal', 'secret', 'secret_link'),
)
HTACCESS_TEXTS = (
    *('newlines', 'blanks', 'blank lines', 'continued', 'quotes', 'settings', 'nearly settings'),
    *('sections', 'sections in a section', 'pattern', 'negated pattern', 'files pattern', 'bomb'),
    *('macros', 'included', 'no text'),
)
HTACCESS_KINDS = (
    *('pipe', 'folder', 'link', 'secret', 'huge', 'closed', 'deep', 'deeper', 'many'),
    *('many_files', 'links', 'names'),
)


def look_at_each(scene, kinds, make, look, clean):
    """Have the host read once for each kind of file; fail with all kinds that do harm."""
    secret, harm = scene.shell('cat /etc/root-secret').strip(), []
    for kind in kinds:
        make(kind)
        try:
            answer = look()
            if secret in json.dumps(answer._asdict()):
                harm.append(f'{kind}: the answer tells what only root may read')
        except AssertionError as error:
            harm.append(f'{kind}: {error}')
        clean()
    assert not harm, '\n'.join(harm)


def program_of(scene):
    return scene.shell(f'readlink /proc/$(cat {scene.layout.pid_file})/exe').strip()


@EVERYWHERE
def test_main_file_of_a_local_user(scene):
    program = program_of(scene)

    def make(kind):
        scene.mallory.start('fake_httpd.py', program, '/home/mallory/main', kind)

    def clean():
        scene.mallory.stop()
        scene.mallory.sh('rm -rf main*', check=True)

    look_at_each(scene, MAIN_FILES, make, scene.audit, clean)


@EVERYWHERE
def test_main_file_that_comes_while_the_new_server_soaks(scene):
    scene.mallory.start('fake_httpd.py', program_of(scene), '/home/mallory/main', 'pipe', 'later')
    answer = scene.switch(soak=2).result
    assert answer['outcome'] == 'switched', answer['msg']


@on('el6', 'el7', 'debian12', 'suse')
def test_htaccess_of_an_owner(scene):
    """Where httpd loads a PHP module: its settings are looked for."""

    def make(kind):
        words = (scene.layout.python, f'{TARGET}/htaccess.py', '/home/owner/www', kind)
        scene.owner.run(*words, check=True)

    def clean():
        scene.shell('find /home/owner/www -mindepth 1 -not -name index.html -delete')

    def plan():
        """Without PHP its settings matter, and those in sections only where they hold."""
        return scene.switch(check=True, php='none', seconds=25)

    look_at_each(scene, HTACCESS_TEXTS + HTACCESS_KINDS, make, plan, clean)


# Grants a user to write: who looks at the mode sees a group, and that it is root's.
GRANT = """
import ctypes, os, pwd, struct, sys
path, user = sys.argv[1].encode(), pwd.getpwnam('mallory').pw_uid
entries = [(1, 6, 0xffffffff), (2, 6, user), (4, 4, 0xffffffff), (16, 6, 0xffffffff),
           (32, 4, 0xffffffff)]
value = struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *entry) for entry in entries)
libc = ctypes.CDLL(None, use_errno=True)
if libc.setxattr(path, b'system.posix_acl_access', value, len(value), 0):
    sys.exit(os.strerror(ctypes.get_errno()))
"""


@EVERYWHERE
def test_configuration_that_an_access_list_lets_a_user_write(scene):
    site = f'{scene.layout.sites}/zz-owner.conf'
    scene.root(scene.layout.python, '-c', GRANT, site, check=True)
    scene.mallory.sh(f'echo "# of mallory" >>{site}', check=True)
    answer = scene.switch().result
    assert answer['outcome'] == 'refused', answer['msg']
    assert 'unsafe_paths' in [finding['rule'] for finding in answer['findings']]
