# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Rules about the start of the server: who started the one that runs, whether its service could
start it again, and as what.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._fields import TYPE_CHECKING
from .._model import BY_CONTAINER, BY_PARENT, BY_SERVICE, BY_UNIT, OVERLAP, WARN, Finding
from .._syntax.httpd_options import WITH_VALUE
from .._text import foreign
from .case import refuse
from .strategies import choose

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable  # noqa: F401

    from .._model import ConfigTree, HostState, Launch, Supervisor  # noqa: F401
    from .case import Case  # noqa: F401

# How a server is stopped for good by what looks after it, by the name of that program.
_STOPS = {
    'supervisord': 'supervisorctl stop NAME',
    'runsv': 'sv down NAME',
    's6-supervise': 's6-svc -d FOLDER',
    'perpd': 'perpctl d NAME',
    'supervise': 'svc -d FOLDER',
    'monit': 'monit unmonitor NAME',
    'circusd': 'circusctl stop NAME',
}
_DROPPED = 'it runs with %s, and the service starts it without, so the next restart drops %s'
_ADDED = 'it runs without %s, and the service starts it with that, so the next restart adds %s'
_OTHER_USER = 'it runs as user %d, and the service starts it as user %d'
_OUTDATED = (
    'the files of its unit have changed, and systemd starts it as it last read them: '
    '`systemctl daemon-reload` may change that'
)
_NAMED = re.compile(r'\$\{([A-Za-z_][A-Za-z0-9_]*)\}')
_PASSED = re.compile(r'^[ \t]*PassEnv[ \t]+(.*)$', re.MULTILINE | re.IGNORECASE)
_DEFINED = re.compile(r'^[ \t]*Define[ \t]+(\w+)', re.MULTILINE | re.IGNORECASE)
# Each start has its own values of these.
_USUAL = frozenset(['PATH', 'HOME', 'LANG', 'TERM', 'HOSTNAME', 'USER', 'LOGNAME', 'SHELL'])


def not_managed(case):
    # type: (Case) -> list[Finding]
    """A server that its service did not start: the service would not stop it, what did start it
    might start it again half way, and without such a service nothing could.
    """
    running = case.state.servers.running
    supervisor = running.launch.supervisor if running and running.launch else None
    if supervisor is None or supervisor.kind == BY_SERVICE:
        return []
    pid, service = running.main.pid, case.state.service.name
    reason, fix = _explain_supervisor(supervisor, pid, service)
    return [refuse('not_managed', reason, fix, acceptable=False)]


def _explain_supervisor(supervisor, pid, service):
    # type: (Supervisor, int, str) -> tuple[str, str]
    name = foreign(supervisor.name or 'a process that cannot be seen from here')
    if supervisor.kind == BY_CONTAINER:
        return (
            'The server is the first process of this container: when it stops the container ends, '
            'and no service manager could start it again.',
            'Change the MPM where the image of the container is made, and make the container anew.',
        )
    if supervisor.kind == BY_PARENT:
        stop = _STOPS.get(supervisor.name)
        return (
            'Process %d, the server, was started by %s and is its child: the service %s did not '
            'start it, and %s may start it again at any time.' % (pid, name, service, name),
            'Stop it there%s and start it by the service %s, and try again; or change the MPM by '
            'hand while it is stopped there.' % (' (%s)' % stop if stop else '', service),
        )
    if supervisor.kind == BY_UNIT:
        return (
            'Process %d, the server, was started in %s, and not by the service %s: systemd would '
            'not stop it, and would start a second one.' % (pid, name, service),
            'Stop it by what started it and start it by the service %s, and try again.' % service,
        )
    return (
        'Process %d, the server, was not started by the service %s: systemd would not stop it, and '
        'would start a second one.' % (pid, service),
        'Stop it, start it by the service %s, and try again.' % service,
    )


def service_broken(case):
    # type: (Case) -> list[Finding]
    """A service that cannot even say how it is could not start the server after a stop."""
    service = case.state.service
    if not service.problem or case.state.servers.running is None:
        return []
    return [
        refuse(
            'service_broken',
            'The service %s cannot be asked for its state, so it could not start the server again: '
            '%s.' % (service.name, service.problem),
            'Repair it until `service %s status` answers.' % service.name,
            acceptable=False,
        )
    ]


def restart_differs(case):
    # type: (Case) -> list[Finding]
    """The running server against what its service would start: both sides, values of variables
    left out, since they may be secret.
    """
    running = case.state.servers.running
    sides = _sides(case.state, running.launch) if running and running.launch else []
    if not sides:
        return []
    return [
        Finding(
            'restart_differs',
            WARN,
            False,
            'Process %d, the server, does not run as the service %s would start it: %s.'
            % (running.main.pid, case.state.service.name, '; '.join(sides)),
            'A switch starts it as the service does. Put into the service first what has to stay.',
            [],
        )
    ]


def _sides(state, then):
    # type: (HostState, Launch) -> list[str]
    """Return the differences as texts. then: Launch of the server that runs."""
    now, root, sides = state.launch, state.build.root, []
    # What an unknown script of init passes is not known.
    unknown = state.service.manager == 'sysv' and state.layout == 'loadmodule'
    if then.options is not None and not unknown:
        had, has = _normal(then.options, root), _normal(now.options, root)
        sides += [_DROPPED % (words, words) for words in had if words not in has]
        sides += [_ADDED % (words, words) for words in has if words not in had]
    if then.environment is not None and not unknown:
        sides += _variables(state.tree, then.environment, now.environment)
    if None not in (then.user, now.user) and then.user != now.user:
        sides.append(_OTHER_USER % (then.user, now.user))
    return sides + ([_OUTDATED] if state.service.outdated else [])


def _normal(options, root):
    # type: (Iterable[str], str) -> list[str]
    """Return the options as texts, each with its value, in one spelling. The main file is left
    out: another one is another server. So is a root that is the usual one.
    """
    found, rest = [], list(options)
    while rest:
        word = rest.pop(0)
        flag, value = word[:2], word[2:]
        if flag in WITH_VALUE:
            if not value and rest:
                value = rest.pop(0)
            value = re.sub('/+', '/', value)
            if flag != '-f' and not (flag == '-d' and value.rstrip('/') == root):
                found.append(foreign('%s %s' % (flag, value)))
        else:
            found.append(foreign(word))
    return sorted(set(found))


def _variables(tree, then, now):
    # type: (ConfigTree, dict[str, str], dict[str, str]) -> list[str]
    """Return how the variables that the configuration names differ."""
    text = u'\n'.join(tree.files.values())
    names = set(_NAMED.findall(text)) - set(_DEFINED.findall(text)) - _USUAL
    names.update(name for line in _PASSED.findall(text) for name in line.split())
    words = {
        (True, True): 'the variable %s has another value in the service, so the next restart '
        'changes it',
        (True, False): 'the variable %s is not set in the service, so the next restart drops it',
        (False, True): 'the variable %s is set in the service only, so the next restart adds it',
    }
    return [
        words[(name in then, name in now)] % foreign(name)
        for name in sorted(names)
        if then.get(name) != now.get(name)
    ]


def dependent_units(case):
    # type: (Case) -> list[Finding]
    """Units that systemd stops together with the service: they are started again, or it is
    refused.
    """
    dependents = case.state.service.dependents
    if not dependents or case.state.servers.running is None:
        return []
    bad = [unit for unit in dependents if unit.problem]
    if bad:
        listed = '; '.join('%s: %s' % (unit.name, unit.problem) for unit in bad)
        return [
            refuse(
                'dependent_units',
                'systemd stops these units together with %s, and they could not be started again '
                'as they run: %s.' % (case.state.service.name, listed),
                'Stop them first, or take PartOf=, BindsTo= or Requires= of the service out of '
                'them.',
                acceptable=False,
            )
        ]
    strategy = choose.choose_strategy(case.state, case.wanted)
    if strategy.name == OVERLAP:
        return []
    return [
        Finding(
            'dependent_units',
            WARN,
            False,
            'systemd stops these units together with %s: %s. They are started again right after '
            'it.' % (case.state.service.name, ', '.join(unit.name for unit in dependents)),
            'Expect each of them to restart.',
            [],
        )
    ]
