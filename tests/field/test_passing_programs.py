"""Field case L2: other commands of httpd run while the host is read."""

import pytest
from field import on

# Keeps a command of httpd's at its last word: the pipe that it writes to is full.
KEEP = """
import fcntl, os, subprocess, sys
out, into = os.pipe()
fcntl.fcntl(into, fcntl.F_SETFL, os.O_NONBLOCK)
try:
    while True:
        os.write(into, b'x' * 512)
except OSError:
    pass
fcntl.fcntl(into, fcntl.F_SETFL, 0)
if os.fork():
    sys.exit()
os.setsid()
quiet = os.open(os.devnull, os.O_RDWR)
child = subprocess.Popen(sys.argv[1:], stdin=quiet, stdout=into, stderr=into)
for stream in (0, 1, 2):
    os.dup2(quiet, stream)
os.close(into)
child.wait()
"""


@on('debian12', 'el6')
@pytest.mark.parametrize(
    'words',
    [
        '-t',
        '-S',
        '-k graceful',
        '-kgraceful',
        '-tDDUMP_VHOSTS',
    ],
)
def test_a_passing_command(host, words):
    """People have monitoring and logrotate run configtest or graceful every few minutes.

    Such a process is of the same program, and no server.
    """
    program = 'apache2' if host.layout.name == 'debian12' else 'httpd'
    line = f'test ! -e /etc/apache2/envvars || . /etc/apache2/envvars; exec {program} {words}'
    host.root(host.layout.python, '-c', KEEP, 'sh', '-c', line, check=True)
    host.shell(f'sleep 1; pgrep -f "{program} {words}"')
    findings = host.audit().result['findings']
    assert 'not_ours' not in [item['rule'] for item in findings], findings
    host.demand_switched()
