"""Files of strangers that root reads, or might: it ends in time and memory, and tells no secret."""

import json

import pytest
from scene import EVERYWHERE, on
from target import TARGET

# What on_host/fake_httpd.py and on_host/htaccess.py can make.
MAIN_FILES = (
    *('pipe', 'nested', 'wide', 'every_folder', 'bomb', 'macros', 'pattern', 'sections'),
    *('blank', 'huge', 'endless', 'terminal', 'secret', 'secret_link'),
)
HTACCESS = (
    *('texts', 'things', 'names', 'deep', 'deeper', 'many', 'many_files'),
    *('links', 'away', 'wide_links'),
)
WWW = '/home/owner/www'


def demand_no_secret(scene, answer):
    """An answer goes to the controller, and into its logs."""
    assert scene.shell('cat /etc/root-secret').strip() not in json.dumps(answer._asdict())


def program_of(scene):
    return scene.shell(f'readlink /proc/$(cat {scene.layout.pid_file})/exe').strip()


@EVERYWHERE
def test_main_files_of_a_local_user(scene):
    scene.mallory.start('fake_httpd.py', program_of(scene), '/home/mallory', *MAIN_FILES)
    demand_no_secret(scene, scene.audit())


@EVERYWHERE
def test_main_file_that_comes_while_the_new_server_soaks(scene):
    words = (program_of(scene), '/home/mallory', 'later', 'pipe')
    scene.mallory.start('fake_httpd.py', *words)
    scene.demand_switched(soak=2)


@pytest.mark.parametrize('kind', HTACCESS)
@on('el6', 'el7', 'debian12', 'suse', short=('debian12',))
def test_htaccess_of_an_owner(scene, kind):
    """Its settings of PHP matter where a switch would do without PHP."""
    scene.owner.run(scene.layout.python, f'{TARGET}/htaccess.py', WWW, kind, check=True)
    answer = scene.switch(check=True, php='none', seconds=25)
    demand_no_secret(scene, answer)


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
def test_file_that_an_access_list_lets_a_user_write(scene):
    """What the switch would write next to it, or after it, is not the administrator's."""
    files = scene.switch(check=True).result['files']
    file = next(path for path in files if scene.root('test', '-f', path).returncode == 0)
    scene.root(scene.layout.python, '-c', GRANT, file, check=True)
    scene.mallory.sh(f'echo "# of mallory" >>{file}', check=True)
    answer = scene.switch().result
    assert answer['outcome'] == 'refused', answer['msg']
    assert 'unsafe_paths' in [finding['rule'] for finding in answer['findings']]
