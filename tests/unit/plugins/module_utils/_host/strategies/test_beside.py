# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether the way in which a unit starts its server is understood, and how a second one is
started there.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host.strategies import (
    abilities,
    beside,
)
from ansible_collections.webops.apache.plugins.module_utils._model import Ability
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner

SHOWN = (
    '{ path=%s ; argv[]=%s ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; '
    'code=(null) ; status=0/0 }'
)
SHARE = ['-C', 'ListenCoresBucketsRatio 4096']
HTTPD = SHOWN % ('/usr/sbin/httpd', '/usr/sbin/httpd $OPTIONS -DFOREGROUND')
APACHECTL = SHOWN % ('/usr/sbin/apachectl', '/usr/sbin/apachectl start')
UNIT = {
    'Id': 'httpd.service',
    'Type': 'notify',
    'Delegate': 'no',
    'ExecStart': HTTPD,
    'Environment': 'OPTIONS=-DA',
}
NEW_ENOUGH = (['/bin/systemctl', '--version'], 'systemd 252 (252.39-1~deb12u1)\n+PAM\n')
STARTED = ['/usr/sbin/httpd', '-DA', '-DFOREGROUND']


def host_with(unit):
    state = hosts.el9_host()
    return state._replace(service=state.service._replace(unit=unit))


@pytest.fixture
def unit(monkeypatch):
    """What systemd says of the unit; the words by which the server was started."""
    known = dict(UNIT)
    monkeypatch.setattr(beside, 'find_program', lambda name: '/bin/' + name)
    monkeypatch.setattr(beside.processes, 'command_line', lambda pid: known.get('started', STARTED))
    return known


@pytest.mark.parametrize(
    'changes, start',
    [
        ({}, ['/usr/sbin/httpd', '$OPTIONS']),
        ({'started': STARTED[:2]}, ['/usr/sbin/httpd', '$OPTIONS']),
        ({'started': STARTED[:2] + SHARE}, ['/usr/sbin/httpd', '$OPTIONS']),
        (
            {
                'Type': 'forking',
                'ExecStart': APACHECTL,
                'started': ['/usr/sbin/apache2', '-k', 'start'],
            },
            ['/bin/env', '-u', 'APACHE_STARTED_BY_SYSTEMD', '/usr/sbin/apachectl', '-k', 'start'],
        ),
    ],
    ids=['as it comes', 'by a reload', 'by an overlap', 'by a script'],
)
def test_a_unit_that_is_understood(unit, changes, start):
    unit.update(changes)
    run = ScriptedRunner(NEW_ENOUGH)
    assert beside.try_beside(run, host_with(unit)) == Ability(
        'a drop-in of systemd',
        None,
        {
            'unit': 'httpd.service',
            'type': unit['Type'],
            'start': start,
            'control': '/bin/systemctl',
            'remove': '/bin/rm',
        },
    )
    assert run.left == []


@pytest.mark.parametrize(
    'changes, reason',
    [
        ({'Type': 'simple'}, 'of a type (simple)'),
        ({'Delegate': 'yes'}, 'of a type'),
        ({'ExecStart': ''}, 'not understood'),
        ({'started': STARTED + ['-DB']}, 'not understood'),
        ({'started': []}, 'not understood'),
    ],
)
def test_a_unit_that_is_not(unit, changes, reason):
    unit.update(changes)
    ability = beside.try_beside(ScriptedRunner(), host_with(unit))
    assert ability.means is None and reason in ability.problem


def test_a_file_that_two_servers_would_share(unit):
    conf = hosts.EL_HTTPD + u'ScoreBoardFile run/scoreboard\n'
    ability = beside.try_beside(ScriptedRunner(), hosts.el9_host(httpd_conf=conf))
    assert ability.means is None and 'sets ScoreBoardFile' in ability.problem


@pytest.mark.parametrize(
    'version, known',
    [('systemd 219\n', False), ('systemd 230 (x)\n', False), ('systemd 231\n', True), ('', False)],
)
def test_an_old_systemd_does_not_know_every_word_of_the_drop_in(unit, version, known):
    ability = beside.try_beside(ScriptedRunner((NEW_ENOUGH[0], version)), host_with(unit))
    assert (ability.problem is None) is known


@pytest.mark.parametrize(
    'changes, reason',
    [
        ({'manager': 'sysv'}, 'does not look after'),
        ({'main_pid': 7}, 'takes 7'),
        ({'main_pid': None}, 'takes none'),
        ({'outdated': True}, 'have changed since systemd read them'),
    ],
)
def test_systemd_has_to_know_the_server(changes, reason):
    state = hosts.el9_host()
    ability = beside.try_beside(
        ScriptedRunner(), state._replace(service=state.service._replace(**changes))
    )
    assert ability.means is None and reason in ability.problem


@pytest.mark.parametrize(
    'strategy, tried',
    [('stop', ['beside']), ('hold', ['beside', 'hold']), ('auto', ['beside', 'hold', 'overlap'])],
)
def test_it_is_asked_for_whatever_the_strategy(monkeypatch, strategy, tried):
    cannot = Ability(None, 'no')
    monkeypatch.setattr(beside, 'try_beside', lambda run, state: cannot)
    monkeypatch.setattr(
        abilities,
        'TRIALS',
        dict((name, lambda run, state: state.abilities['beside']) for name in ('hold', 'overlap')),
    )
    assert abilities.read_abilities(None, hosts.el9_host(), strategy) == dict(
        (name, cannot) for name in tried
    )


@pytest.mark.parametrize(
    'words, command',
    [
        ('/usr/sbin/httpd $OPTIONS -DFOREGROUND', ['/usr/sbin/httpd', '$OPTIONS']),
        (
            '/usr/sbin/httpd ${OPTIONS} -DFOREGROUND -f conf/a.conf',
            ['/usr/sbin/httpd', '${OPTIONS}', '-f', 'conf/a.conf'],
        ),
        (
            '/usr/sbin/start_apache2 -DSYSTEMD -DFOREGROUND -k start',
            ['/usr/sbin/start_apache2', '-DSYSTEMD', '-k', 'start'],
        ),
        ('/etc/init.d/httpd start', None),
        ('/usr/sbin/httpd -k start', None),
        ('/opt/wrapper -DFOREGROUND', None),
        ('/usr/sbin/httpd -c "a" -DFOREGROUND', None),
        ('', None),
    ],
)
def test_a_second_server_is_started_as_the_first_in_the_background(words, command):
    assert beside.beside_command(SHOWN % (words.split(' ')[0], words)) == command


@pytest.mark.parametrize('control', ['/usr/sbin/apachectl', '/usr/sbin/apache2ctl'])
def test_apachectl_hands_on_what_it_does_not_know(control):
    command = beside.beside_command(SHOWN % (control, control + ' start'))
    assert command[0].endswith('/env')
    assert command[1:] == ['-u', 'APACHE_STARTED_BY_SYSTEMD', control, '-k', 'start']


def test_a_unit_with_two_commands_is_not_understood():
    one = SHOWN % ('/usr/sbin/httpd', '/usr/sbin/httpd -DFOREGROUND')
    assert beside.beside_command(one) and beside.beside_command(one + '\n' + one) is None
