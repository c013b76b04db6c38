# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Rehearse: start the new server on the configuration as it will be, where nobody sees it, ask it, measure it, and stop it.

What only shows when a server starts fails here, with its own words, while the server that serves notices nothing.
"""
import os
import re
import signal
import subprocess
try:
    import resource
except ImportError:
    resource = None

from . import probes, prove
from .private_files import Stage, paths_written_by
from .._errors import IsolationError
from .._model import Rehearsal
from .._system import memory, namespaces, processes
from .._system.clock import monotonic, wait_until
from .._system.command import ENVIRONMENT, run_command
from .._system.files import native_path

LONGEST = 60
START_WAIT = 20
ANSWER_WAIT = 3
STOP_WAIT = 2
PASSED, FAILED, UNAVAILABLE = 'passed', 'failed', 'unavailable'
_LIMITS = (('Max processes', 'RLIMIT_NPROC'), ('Max open files', 'RLIMIT_NOFILE'), ('Max address space', 'RLIMIT_AS'),
           ('Max data size', 'RLIMIT_DATA'), ('Max stack size', 'RLIMIT_STACK'), ('Max locked memory', 'RLIMIT_MEMLOCK'))
_GRAVE = re.compile(r'\[(?:\w*:)?(?:emerg|alert|crit|error)\]')
_STAMP = re.compile(r'^(?:\[[^\]]*\] ?)+')
# What apachectl adds, and the warning that most hosts give at every start.
_IDLE = re.compile(r"^(Action '|The Apache error log may|AH0055[78]|httpd: Could not reliably)")
_CLAMPED = re.compile(r'(MaxRequestWorkers|MaxClients|ThreadsPerChild|ThreadLimit|ServerLimit|StartServers|AsyncRequestWorkerFactor|'
                      r'Min(?:Spare)?\w*|Max(?:Spare)?\w*).*(exceed|not allowed|decreas|increas|must be|multiple|changing|adjust)', re.IGNORECASE)
_FEW_THREADS = re.compile(r'(a[pr]{1,2}_thread_create|create (?:\w+ )?thread|\] (?:AH\d+: )?fork: |unable to fork)', re.IGNORECASE)
_NEEDS_NETWORK = re.compile(r'resolv|name resolution|Name or service not known|No address associated|\bDNS\b|Network is unreachable', re.IGNORECASE)
_MPM = re.compile(r'/mod_mpm_(\w+)\.so$')


class _Failed(Exception):
    """The server does not do what it should, in words."""


class _Cast(object):
    """The server on the stage: its process, what it prints, and what it writes into its logs."""

    def __init__(self, args, output):
        self.args, self.proof, self.output, self.process = args, args['proof'], output, None

    def main(self):
        return processes.noted_process(self.proof['expected']['pid_file'])

    def begin(self):
        environment = dict(ENVIRONMENT, **self.args['environment'])
        with open(os.devnull, 'rb') as nothing:
            with open(self.output, 'wb') as stream:
                self.process = subprocess.Popen(self.args['argv'] + ['-DFOREGROUND'], stdin=nothing, stdout=stream, stderr=stream, cwd='/',
                                                env=environment, preexec_fn=self._prepare, close_fds=True)

    def _prepare(self):
        os.setsid()
        for name, constant in _LIMITS if resource else ():
            soft, hard = self.args['limits'].get(name, (None, None))
            if constant == 'RLIMIT_NPROC' and soft is not None:
                # They are counted for each user, and those of the server that runs are no longer there when it has gone.
                soft, hard = soft + self.args['live_threads'], None if hard is None else hard + self.args['live_threads']
            limits = [resource.RLIM_INFINITY if value is None else value for value in (soft, hard)]
            try:
                resource.setrlimit(getattr(resource, constant), limits)
            except (ValueError, OSError, resource.error):
                continue  # root of a container may not have more than it was given

    def logs(self):
        """Give the lines of what it printed and of its error logs, all of which are new."""
        return [line for path in [self.output] + self.args['error_logs'] for line in read_lines(path)]

    def words(self):
        """What it has to say of its failure: what it printed, and what is grave in its logs."""
        printed, logged = read_lines(self.output), [line for path in self.args['error_logs'] for line in read_lines(path)]
        # What is said before the logs are set up has neither time nor level.
        return in_words(printed + [line for line in logged if _GRAVE.search(line) or not line.startswith('[')])

    def end(self):
        main = self.main()
        if main:
            os.kill(main.pid, signal.SIGTERM)
        wait_until(lambda: self.process.poll() is not None, STOP_WAIT)


def rehearse(args, base):
    """Give the Rehearsal. args: what the plan arranged; base: a folder of root's alone, which is there. It takes 60 s at most."""
    begun = monotonic()
    try:
        if args['problem']:
            raise IsolationError(args['problem'])
        live = processes.read_process(args['live'])
        also = paths_written_by(live) if live else set()
        args = dict(args, private=sorted(set(args['private']) | also), limits=processes.limits_of(args['live']))
        told = namespaces.run_apart(lambda: _perform(args, base), LONGEST)
    except IsolationError as e:
        told = {'state': UNAVAILABLE, 'reason': e.message}
    return Rehearsal(seconds=monotonic() - begun, **dict((str(name), value) for name, value in told.items()))


def _perform(args, base):
    """What is done within: give the fields of a Rehearsal."""
    Stage(base).lay_over(args)
    test = run_command(args['argv'] + ['-t'], environment=args['environment'])
    if test.rc != 0:
        # Outside it was read without fault, so this tells of the stage and not of the configuration.
        raise IsolationError('the configuration could not be read there: %s' % in_words((test.err or test.out).splitlines()))
    cast = _Cast(args, base + '/output')
    cast.begin()
    try:
        doubts = _watch(cast)
        measured = _measure(cast.main(), args['proof']['expected'])
        return dict(measured, state=PASSED, warnings=own_warnings(test.err.splitlines()) + doubts)
    except _Failed as e:
        words = cast.words()
        if _NEEDS_NETWORK.search(words):
            raise IsolationError('the server does not start where there is no network to ask: %s' % words)
        return {'state': FAILED, 'reason': '%s%s' % (e, words and ': ' + words), 'warnings': own_warnings(test.err.splitlines())}
    finally:
        cast.end()


def _watch(cast):
    """Wait for the server, ask it all, and give what could not be judged, in words. Raises _Failed."""
    expected, wrong = cast.proof['expected'], ['nothing is known of it']

    def there():
        wrong[:] = prove.wrong_process(expected, cast.main())
        return not wrong or cast.process.poll() is not None

    wait_until(there, START_WAIT)
    _demand_alive(cast)
    if wrong:
        raise _Failed('%s did not come up within %d s: %s' % (expected['mpm'], START_WAIT, '; '.join(wrong)))
    addresses = prove.addresses_of(cast.main())
    found = []

    def well():
        found[:] = judge_answers(prove.ask_again(cast.proof, addresses))
        return not found[0] or cast.process.poll() is not None

    wait_until(well, ANSWER_WAIT, pause=0.1)
    _demand_alive(cast)
    denied = [line for line in cast.logs() if '.htaccess: ' in line and _GRAVE.search(line)] if found[1] else []
    wrong = found[0] + [in_words(denied[:1])] * bool(denied) + _wrong_php(cast.proof, addresses)
    _wait_for_children(cast)
    crashes = sum(prove.count_crashes(path, 0) for path in cast.args['error_logs'])
    wrong += ['children crash: %d times' % crashes] * bool(crashes)
    wrong += ['it cannot make its threads'] * lacks_threads(cast.logs())
    if wrong:
        raise _Failed('%s does not do what it should: %s' % (expected['mpm'], '; '.join(wrong)))
    return found[1]


def _demand_alive(cast):
    if cast.process.poll() is not None:
        raise _Failed('%s does not start on this configuration' % cast.proof['expected']['mpm'])


def judge_answers(pairs):
    """Give (what is worse than before, what cannot be judged here), in words, of [(Answer before, Answer now)]."""
    wrong, unjudged = [], []
    for before, now in pairs:
        if now.status and now.status >= 500 > (before.status or 500):
            unjudged.append('%s answers %d in the rehearsal, where no other server can be reached; it was %d.' % (now.url, now.status, before.status))
        elif now.status is None and before.status and 'did not end within' in (now.error or ''):
            unjudged.append('%s takes too long in the rehearsal, where no other server can be reached.' % now.url)
        else:
            wrong.extend(prove.worse(before, now))
    return wrong, unjudged


def _wrong_php(proof, addresses):
    """What the page that asks PHP shows: no server answered it before, so only what cannot be right is wrong."""
    for address, port in addresses if proof['page'] else ():
        for scheme in ('http', 'https'):
            try:
                body = probes.fetch(scheme, address, port, 'localhost', proof['page'])[1]
            except Exception:  # a listener that talks something else is no fault of the server
                continue
            if '<?php' in body and proof['token'] in body:
                return ['it serves the source of PHP scripts on port %d' % port]
            if proof['threaded_php'] and body.startswith('webops %s zts=0' % proof['token']):
                return ['PHP answers, and is not thread-safe']
    return []


def _wait_for_children(cast):
    """Until no more threads come: a server listens before it has made them all, and may fail at that."""
    seen = []

    def steady():
        seen.append(_count(cast.main()))
        return len(seen) > 3 and len(set(seen[-3:])) == 1

    wait_until(lambda: steady() or cast.process.poll() is not None, ANSWER_WAIT, pause=0.03)
    _demand_alive(cast)


def _count(main):
    family = processes.family_of(main, processes.read_processes()) if main else []
    return len(family), sum(processes.count_threads(process.pid) for process in family)


def _measure(main, expected):
    if main is None:
        raise _Failed('%s ended' % expected['mpm'])
    family = processes.family_of(main, processes.read_processes())
    loaded = [match.group(1) for match in [_MPM.search(path) for path in processes.mapped_files(main.pid)] if match]
    return {'mpm': loaded[0] if loaded else expected['mpm'], 'processes': len(family),
            'threads': sum(processes.count_threads(process.pid) for process in family),
            'memory_kib': memory.used_by([process.pid for process in family])}


def lacks_threads(lines):
    """Tell whether httpd says in its logs that it could not make a thread or a process."""
    return any(_GRAVE.search(line) and _FEW_THREADS.search(line) for line in lines)


def own_warnings(lines):
    """Give what httpd says of numbers that it does not take as they are, each once, without the time; nothing else of its logs."""
    found = []
    for line in [_STAMP.sub('', line).strip() for line in lines if _CLAMPED.search(line)]:
        if line not in found:
            found.append(line)
    return found[:20]


def in_words(lines):
    """Put lines of httpd's into one, without the time: at most ten, and 1500 characters."""
    plain = [_STAMP.sub('', line).strip() for line in lines]
    found = [line for number, line in enumerate(plain) if line and not _IDLE.match(line) and line not in plain[:number]]
    return ' '.join(found[-10:])[:1500]


def read_lines(path):
    """Give the lines of the first MiB of a log; [] where there is none."""
    try:
        with open(native_path(path), 'rb') as stream:
            return stream.read(1024 * 1024).decode('latin-1').splitlines()
    except (IOError, OSError):
        return []
