# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A name that somebody else has chosen is never an option of a program that we run: -- stands
before it, or what begins with a dash is refused.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ast
from pathlib import Path

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import InputError, ReadError
from ansible_collections.webops.apache.plugins.module_utils._host import panels, services
from ansible_collections.webops.apache.plugins.module_utils._install import look_ahead
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._orders import FpmOrder, UnitOrder
from ansible_collections.webops.apache.plugins.module_utils._packages import apt, ask, rpm
from ansible_collections.webops.apache.plugins.module_utils._request import check_request
from ansible_collections.webops.apache.plugins.module_utils._transaction import fpm, systemd
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context

UTILS = Path(__file__).resolve().parents[2] / 'plugins' / 'module_utils'
OPTION = '-Hattacker@host'
UNIT = UnitOrder(
    pid=1,
    unit=OPTION,
    control='/bin/systemctl',
    folder='/no/such',
    main_file='/no/such/pid',
    ticket='/no/such/ticket',
    drop_in='/no/such/drop-in',
    text='',
)


class Recorder(object):
    """A runner that notes what it is asked to run, and answers nothing."""

    def __init__(self):
        self.ran = []

    def __call__(self, argv, **_options):
        self.ran.append(list(argv))
        return CommandResult(list(argv), 0, '', '')


def recorded(act):
    """Return the command lines that `act(run)` runs."""
    run = Recorder()
    act(run)
    return run.ran


def in_context(act):
    return recorded(lambda run: act(UNIT, Context(run, '/no/such')))


def settling(active):
    """Return the command lines with the name of its unit by which FPM is settled."""
    order = FpmOrder('/bin/systemctl', OPTION, False, active, None, [], '/no/such', 1)
    ran = recorded(lambda run: fpm.settle_fpm(order, Context(run, '/no/such')))
    assert ran[0] == ['/bin/systemctl', 'daemon-reload']
    return ran[1:]


def service_words():
    """Return the command lines of a service with a unit, whose name nobody checked."""
    service = services.read_service(Recorder(), 'httpd', '/pid', {'TriggeredBy': ''})
    return [
        [OPTION if word == 'httpd' else word for word in words]
        for words in (service.start, service.stop, service.begin_stop, service.prepare)
    ]


@pytest.fixture
def systemd_host(monkeypatch, tmp_path):
    """A host with systemd, and with every program that is asked for."""
    monkeypatch.setattr(services, 'SYSTEMD', str(tmp_path))
    for module in (services, panels, ask):
        monkeypatch.setattr(module, 'find_program', lambda name: '/usr/bin/' + name)


# {what builds a command line: [words] with a name from outside in them}
BUILT = {
    'services.read_service': service_words,
    'services._active_socket': lambda: recorded(
        lambda run: services._active_socket(run, {'TriggeredBy': OPTION + '.socket'})
    ),
    'systemd._ask': lambda: in_context(
        lambda told, context: systemd._ask(told, context, 'MainPID')
    ),
    'systemd.last_words': lambda: in_context(systemd.last_words),
    'fpm.settle_fpm': lambda: settling(active=True),
    'fpm.settle_fpm, back': lambda: settling(active=False),
    'panels._read_packages': lambda: recorded(panels._read_packages),
    'apt.ask': lambda: recorded(lambda run: apt.ask(run, [OPTION])),
    'rpm.ask': lambda: recorded(lambda run: rpm.ask(run, [OPTION])),
    'rpm.installed': lambda: recorded(lambda run: rpm.installed(run, [OPTION])),
}
# {what refuses such a name, before it runs anything}
REFUSE = {
    'services.read_service': lambda run: services.read_service(run, OPTION, '/pid', None),
    'ask.foresee': lambda run: ask.foresee(run, [OPTION]),
    '_install.look_ahead': lambda run: look_ahead(run, [OPTION]),
}


class TestNames:
    @pytest.mark.parametrize('name', sorted(BUILT))
    def test_come_after_the_last_option(self, name, systemd_host, monkeypatch):
        monkeypatch.setattr(panels, 'KINDS', [panels.KINDS[0]._replace(packages=[OPTION])])
        built = BUILT[name]()
        assert built
        for words in built:
            assert OPTION in ' '.join(words)
            assert [word for word in words[words.index('--') :] if word.startswith(OPTION)]
            assert not [word for word in words[: words.index('--')] if word.startswith(OPTION)]

    @pytest.mark.parametrize('name', sorted(REFUSE))
    def test_that_are_options_are_refused(self, name, systemd_host):
        run = Recorder()
        with pytest.raises((InputError, ReadError)):
            REFUSE[name](run)
        assert run.ran == []

    def test_of_units_that_are_options_are_no_units(self, systemd_host):
        run = Recorder()
        assert services.ask_unit(run, OPTION) is None and run.ran == []
        assert services.ask_unit(run, 'httpd@a-b.service') is None and run.ran[0][-2:] == [
            '--',
            'httpd@a-b.service',
        ]

    @pytest.mark.parametrize(
        'name, right',
        [
            ('httpd', True),
            ('httpd@a.service', True),
            ('a-b_c:d.service', True),
            ('dev\\x2dsda', True),
            ('-H', False),
            ('--host=x', False),
            ('', False),
            ('a b', False),
            ('a\n', False),
            ('../x', False),
            ('a/b', False),
        ],
    )
    def test_of_services_are_checked_when_they_are_asked_for(self, name, right):
        assert services.is_name(name) is right
        problems = check_request({'name': 'event', 'service': name})
        assert [problem for problem in problems if 'service' in problem] == (
            [] if right or not name else ['service: %r is not the name of a service.' % name]
        )


# Where programs are run. What is not in the tables above runs fixed words, paths that begin with a
# slash, or numbers.
RUNS = {
    '_backends.py': ['try_fpm'],
    '_host/strategies/beside.py': ['try_beside'],
    '_host/httpd.py': ['ask_build', 'ask_compiled', 'ask_config_test'],
    '_host/panels.py': ['_read_packages'],
    '_host/perl.py': ['read_perl_threads'],
    '_host/launch.py': ['source_environment'],
    '_host/services.py': [
        '_active_socket',
        '_show',
        'ask_environment',
        'ask_script',
    ],
    '_packages/apt.py': ['ask'],
    '_packages/ask.py': ['find_manager'],
    '_packages/dnf.py': ['ask'],
    '_packages/rpm.py': ['ask', 'installed'],
    '_packages/zypper.py': ['ask'],
    '_proof/staged.py': ['try_staged'],
    '_system/holding.py': ['_call'],
    '_transaction/fpm.py': ['_control', '_shown', '_start', '_test'],
    '_transaction/systemd.py': [
        '_ask_unit',
        '_take_note',
        'last_words',
        'reload_with_ticket',
        'start_units',
    ],
    '_transaction/strategies/overlap.py': ['run_quietly'],
    '_transaction/scope.py': ['_ask_systemd', '_ends_logins'],
    '_transaction/context.py': ['tell'],
    '_transaction/services.py': ['run_start'],
}


def runs_in(path):
    """Return the names of the functions that call `run` or `context.run`."""
    found = set()
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
            found.update(
                function.name
                for call in calls
                if getattr(call, 'id', getattr(call, 'attr', None)) == 'run'
            )
    return sorted(found)


def test_every_place_where_a_program_is_run_was_looked_at():
    found = {str(path.relative_to(UTILS)): runs_in(path) for path in UTILS.rglob('*.py')}
    assert {path: names for path, names in found.items() if names} == RUNS
