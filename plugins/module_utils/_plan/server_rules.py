# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Rules about what runs: whose server it is, what runs beside it, and who has its ports."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._model import WARN, Finding
from .._text import foreign
from .case import refuse

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import Other  # noqa: F401
    from .case import Case  # noqa: F401

ANY_ADDRESS = ('', '0.0.0.0', '::')


def not_ours(case):
    # type: (Case) -> list[Finding]
    return _wrong_pid_file(case) + _other_ports(case) + _second_server(case) + _taken_ports(case)


def _wrong_pid_file(case):
    # type: (Case) -> list[Finding]
    servers = case.state.servers
    if servers.pid_file_state != 'reused':
        return []
    # Beside an httpd that runs, the file is not what has to go.
    fix = 'Remove the stale file.'
    if servers.strangers:
        fix = 'End the httpd that runs beside it first.'
    reason = '%s names a process that is not httpd, so the service would not start.'
    return [refuse('not_ours', reason % case.state.service.pid_file, fix, acceptable=False)]


def _other_ports(case):
    # type: (Case) -> list[Finding]
    running, service = case.state.servers.running, case.state.service
    ports = set(item.port for item in running.listeners) if running else set()
    wanted = set(port for _address, port in case.now.listens)
    if not ports or not wanted or ports & wanted:
        return []
    reason = (
        'Process %d, which %s names, listens on none of the ports that are configured (%s): '
        'it is another server.'
    )
    listed = ', '.join('%d' % port for port in sorted(ports))
    fix = 'Start the service %s, so that its pid file names its own server.' % service.name
    return [refuse('not_ours', reason % (running.main.pid, service.pid_file, listed), fix)]


def _second_server(case):
    # type: (Case) -> list[Finding]
    """A second one may be meant beside a server of ours; where ours is missing, this is it."""
    servers = case.state.servers
    if not servers.strangers:
        return []
    if servers.moved:
        return [_moved_pid_file(case, servers.moved)]
    listed = ', '.join(
        '%d (%s)' % (process.pid, foreign(process.exe or process.name))
        for process in servers.strangers
    )
    words = ('es', '', 'them') if len(servers.strangers) > 1 else ('', 's', 'it')
    reason = 'Process%s %s run%s, and the service %s does not own %s (pid file %s).' % (
        words[0],
        listed,
        words[1],
        case.state.service.name,
        words[2],
        servers.pid_file_state,
    )
    return [
        refuse(
            'not_ours',
            reason,
            'Stop %s, or put %s under the service, and try again.' % (words[2], words[2]),
            acceptable=servers.running is not None,
        )
    ]


def _moved_pid_file(case, path):
    # type: (Case, str) -> Finding
    """The service looks for its server in a pid file that nobody writes: it cannot stop it."""
    service = case.state.service
    return refuse(
        'not_ours',
        'The server writes its pid to %s, as its configuration says, and the service %s looks in '
        '%s: it finds no server there, and cannot stop this one.'
        % (foreign(path), service.name, foreign(service.pid_file)),
        'Write PIDFILE=%s into %s, or take the PidFile line away and start the server anew.'
        % (foreign(path), case.state.choice.path),
        acceptable=False,
    )


def _taken_ports(case):
    # type: (Case) -> list[Finding]
    return [
        refuse(
            'not_ours',
            'Port %d, which httpd needs, is held by %s.' % (port, holder),
            'Stop it, or put it under the service, and try again.',
            acceptable=False,
        )
        for address, port, holder in case.state.around.port_holders
        if _is_needed(case, address, port)
    ]


def _is_needed(case, address, port):
    # type: (Case, str, int) -> bool
    wanted = [listen for listen, ours in case.target.listens if ours == port]
    return any(
        _overlap(address, listen) and not _side_by_side(case, address, listen, port)
        for listen in wanted
    )


def beside_by_others(case):
    # type: (Case) -> list[Finding]
    """Whatever other users run: a name and a program make nobody's process ours."""
    unowned = case.state.servers.unowned
    if not unowned.count:
        return []
    more = (
        ' and %d more' % (unowned.count - len(unowned.examples))
        if unowned.count > len(unowned.examples)
        else ''
    )
    return [
        Finding(
            'not_ours',
            WARN,
            False,
            'Other users run the program of this server, too: %s%s. These processes are left alone.'
            % (', '.join(unowned.examples), more),
            'If one of them reads what changes here, its user has to start it again.',
            [],
        )
    ]


def held_by_others(case):
    # type: (Case) -> list[Finding]
    """What else has a listening socket of our server would keep the port when that is gone."""
    running, found = case.state.servers.running, []
    for outsider in running.outsiders if running else ():
        words = '%s holds the listening socket of port %s, too' % (
            outsider.words[:1].upper() + outsider.words[1:],
            ', '.join('%d' % port for port in outsider.ports),
        )
        if outsider.ancestor:
            found.append(
                refuse(
                    'not_ours',
                    '%s: it has started the server and given it the socket, so a server that is '
                    'started in another way gets no port.' % words,
                    'Start the server by the service %s alone.' % case.state.service.name,
                    acceptable=False,
                )
            )
        else:
            found.append(
                Finding(
                    'not_ours',
                    WARN,
                    False,
                    '%s, and is not part of the server. It is ended together with the server.'
                    % words,
                    'End it before, if it has something to finish.',
                    [],
                )
            )
    return found


def _overlap(held, wanted):
    # type: (str, str) -> bool
    """Return whether one socket keeps the other from listening.

    `::` takes IPv4, too, unless its program says otherwise, which cannot be seen.
    """
    if '0.0.0.0' in (held, wanted):
        other = wanted if held == '0.0.0.0' else held
        return other == '::' or ':' not in other
    return held == wanted or held in ANY_ADDRESS or wanted in ANY_ADDRESS


def _side_by_side(case, held, wanted, port):
    # type: (Case, str, str, int) -> bool
    """Return whether our server listens there now, by the other family: then `::` takes no IPv4."""
    running = case.state.servers.running
    places = ANY_ADDRESS if wanted in ANY_ADDRESS else (wanted,)
    mine = (
        [item.address for item in running.listeners if item.port == port and item.address in places]
        if running
        else []
    )
    return bool(mine) and all((':' in address) != (':' in held) for address in mine)


def other_configuration(case):
    # type: (Case) -> list[Finding]
    running, service = case.state.servers.running, case.state.service
    if running is None or running.config is None:
        return []
    return [
        refuse(
            'not_ours',
            'Process %d, which %s names, was started with the configuration %s, and the service %s '
            'as it is read takes %s.'
            % (
                running.main.pid,
                service.pid_file,
                running.config,
                service.name,
                case.state.build.config_file,
            ),
            'Name the file that it reads by the option config, or start it by the service.',
        )
    ]


def shared_files(case):
    # type: (Case) -> list[Finding]
    """Another server that reads what is going to change: a reload would end it."""
    changed = set(edit.real for edit in case.edits)
    if not changed:
        return []
    known = [other for other in case.state.around.others if other.files is not None]
    found = [
        _shared_with(other, sorted(changed & other.files))
        for other in known
        if changed & other.files
    ]
    return found + [_unknown_to(other) for other in case.state.around.others if other not in known]


def _shared_with(other, shared):
    # type: (Other, list[str]) -> Finding
    return refuse(
        'shared_files',
        '%s, and reads too what would change: %s. '
        'A reload of it would end it, and its next start would have the other MPM.'
        % (_another(other), ', '.join(shared)),
        'Give each server a file of its own for its MPM; or accept shared_files and '
        'switch the other one right after.',
    )


def _unknown_to(other):
    # type: (Other) -> Finding
    return refuse(
        'shared_files',
        '%s. What it reads is not known (%s), so it may read too what would change.'
        % (_another(other), foreign(other.problem)),
        'Give its files to root alone, or make them fewer; or accept shared_files if you know that '
        'it reads nothing of what would change.',
    )


def _another(other):
    # type: (Other) -> str
    return 'Process %d (%s) is another server, with the configuration %s' % (
        other.process.pid,
        other.service or 'of no service',
        foreign(other.config),
    )


def service_masked(case):
    # type: (Case) -> list[Finding]
    if not case.state.service.masked or case.state.servers.running is None:
        return []
    return [
        refuse(
            'service_masked',
            'The service %s is masked, so the server that runs could not be started again.'
            % case.state.service.name,
            'Unmask it first: systemctl unmask %s' % case.state.service.name,
            acceptable=False,
        )
    ]


def unit_cannot_start(case):
    # type: (Case) -> list[Finding]
    """systemd would end each start before the server is run, the way back included."""
    service = case.state.service
    if not service.lost or case.state.servers.running is None:
        return []
    return [
        refuse(
            'unit_cannot_start',
            'The unit of %s names what is not there, so the server that runs could not be started '
            'again: %s.' % (service.name, ', '.join(foreign(each) for each in service.lost)),
            'Make it again, or take the line out of the unit (systemctl cat %s shows where it is) '
            'and run systemctl daemon-reload.' % service.name,
            acceptable=False,
        )
    ]


# So many keys are named, of hosts that have one for each of a thousand sites.
MOST_KEYS = 5


def start_needs_a_person(case):
    # type: (Case) -> list[Finding]
    """A server that waits for a pass phrase is down until somebody types it."""
    keys = case.target.asked_keys
    if not keys or case.state.servers.running is None:
        return []
    named = [
        '%s (%s line %d)' % (foreign(each.key), each.path, each.line) for each in keys[:MOST_KEYS]
    ]
    more = ' and %d more' % (len(keys) - MOST_KEYS) if len(keys) > MOST_KEYS else ''
    return [
        refuse(
            'start_needs_a_person',
            'Each start of the server asks a person for the pass phrase of a key, by '
            'SSLPassPhraseDialog %s, and it is down until somebody types it: %s%s.'
            % (foreign(keys[0].dialog), ', '.join(named), more),
            'Have SSLPassPhraseDialog name a program that answers by itself (exec:/path), or take '
            'the pass phrase off the key: openssl pkey -in KEY -out NEW, for root alone.',
            acceptable=False,
        )
    ]
