"""Logins whose processes systemd's logind ends with the connection (KillUserProcesses=yes): the
switch has to be out of their reach.
"""

from calls import PLAIN, Call, Cutter, count_starts, words
from cases import Case, NamedCase, demand, demand_settled, other
from host import Host

USER = 'deploy'
BY_SUDO = ('-e', f'ansible_user={USER}', '--become')
# Test hosts have no logind, and their sshd asks no PAM.
SET_UP = f"""
set -e
command -v sudo && test -e /etc/pam.d/runuser-l && ls /usr/lib/*/security/pam_systemd.so || {{
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update; apt-get -qq install -y --no-install-recommends libpam-systemd sudo; }}
sed -i 's/^UsePAM no/UsePAM yes/' /etc/ssh/sshd_config
mkdir -p /etc/systemd/logind.conf.d
printf '[Login]\\nKillUserProcesses=yes\\nKillExcludeUsers=\\n' \\
    >/etc/systemd/logind.conf.d/kill.conf
systemctl unmask systemd-logind
systemctl restart systemd-logind ssh
id {USER} || useradd -m -s /bin/bash -p '*' {USER}
cp -r /root/.ssh /home/{USER}/; chown -R {USER}: /home/{USER}/.ssh
echo '{USER} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/{USER}; chmod 440 /etc/sudoers.d/{USER}
"""


def wish(host: Host, mpm: str) -> str:
    """Return the module's options for a switch that takes longer than a login is ended in."""
    # Longer than logind takes to end a session.
    php = f' php={host.layout.php[mpm]}' if mpm in host.layout.php else ''
    return f'name={mpm}{php} {PLAIN} soak=4'


def a_cut_that_ends_the_login(when: int | str) -> Case:
    """The session is over, with all that logind finds in it, while the switch goes on."""

    def case(host: Host) -> str:
        host.run('bash', '-c', SET_UP, check=True)
        mpm, starts = other(host), count_starts(host)
        since = host.run('date', '+%s').stdout.strip()
        cutter = Cutter(host, when)
        answer = Call(host, wish(host, mpm), options=BY_SUDO).result()
        where = cutter.struck(answer)
        demand(
            (answer['status'], answer.get('outcome')) == ('CHANGED', 'switched')
            and 'UNREACHABLE' not in answer['said'],
            answer['said'][-1500:],
        )
        demand('KillUserProcesses' not in answer['said'], 'it could not leave the session')
        demand_settled(host, mpm)
        demand(
            count_starts(host) == starts + 1,
            f'httpd was started {count_starts(host) - starts} times',
        )
        demand_out_of_reach(host, since)
        return words(where)

    return case


def demand_out_of_reach(host: Host, since: str) -> None:
    """By systemd's own log: a session had ended, which it does only when nobody is in it any
    more, before the switch was over.
    """
    lines = host.run(
        'journalctl', '--no-pager', '-o', 'cat', '_PID=1', f'--since=@{since}'
    ).stdout.splitlines()
    ended = [
        number
        for number, line in enumerate(lines)
        if line.startswith('session-') and 'scope: Deactivated' in line
    ]
    left = [
        number
        for number, line in enumerate(lines)
        if line.startswith('webops-apache-mpm-') and 'scope: Deactivated' in line
    ]
    demand(ended and left and ended[0] < left[0], lines[-20:])


def a_session_that_cannot_be_left(host: Host) -> None:
    """Nothing to ask systemd with: it is said, and the switch is done."""
    host.run('bash', '-c', SET_UP, check=True)
    mpm = other(host)
    host.run('chmod', '-x', '/usr/bin/busctl', check=True)
    answer = Call(host, wish(host, mpm), options=BY_SUDO).result()
    host.run('chmod', '+x', '/usr/bin/busctl', check=True)
    demand(
        (answer['status'], answer.get('outcome')) == ('CHANGED', 'switched'), answer['said'][-1500:]
    )
    # Ansible breaks the lines of a warning.
    said = ' '.join(answer['said'].split())
    demand('there is no busctl' in said and 'KillUserProcesses is on' in said, said[:1500])
    demand_settled(host, mpm)


CASES: list[NamedCase] = [
    (f'the login is ended with the connection, cut at "{when}"', a_cut_that_ends_the_login(when))
    for when in ('locked', 'begin stage', 'begin stop')
]
CASES += [('a login whose session cannot be left is warned', a_session_that_cannot_be_left)]
