# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The records that pass from stage to stage. Plain data: no methods that decide, none that act."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

PREFORK = 'prefork'
WORKER = 'worker'
EVENT = 'event'
MPMS = (PREFORK, WORKER, EVENT)
THREADED = (WORKER, EVENT)

# The ways from the old server to the new one, the one that visitors notice least first.
OVERLAP = 'overlap'
HOLD = 'hold'
STOP = 'stop'
STRATEGIES = (OVERLAP, HOLD, STOP)
# What several of them stand on: a new main process may be started in the unit of the old one, and
# systemd follows.
BESIDE = 'beside'

REFUSE = 'refuse'
WARN = 'warn'

# What a call may ask for, by the option `state`.
PRESENT = 'present'
ROLLED_BACK = 'rolled_back'
RECOVERED = 'recovered'
STATES = (PRESENT, ROLLED_BACK, RECOVERED)

# --- what the user wants -------------------------------------------------------------------
# mpm: one of MPMS; php: None (what the target needs), 'keep', 'zts' or 'none'; directives: {name:
# value}; probes: (Probe, ...); drain_timeout, stop_timeout, soak: seconds; accept: names of rules;
# place: a Place, or None for what is usual; strategy: 'auto' or one of STRATEGIES; rehearse:
# 'auto', 'required' or 'never'; state: one of STATES. With ROLLED_BACK the mpm of the request means
# nothing: it is that of the switch that is taken back.
Wanted = namedtuple(
    'Wanted',
    'mpm php directives probes drain_timeout stop_timeout soak accept place strategy rehearse '
    'state',
)
Wanted.__new__.__defaults__ = (None, 'auto', 'auto', PRESENT)
# A server that lies elsewhere; each None where it is the usual one. binary, config: paths; service:
# as the service manager knows it.
Place = namedtuple('Place', 'binary service config')
# url: http(s) URL; status: int or None (as before the switch); contains: text or None.
Probe = namedtuple('Probe', 'url status contains')

# --- what was read -------------------------------------------------------------------------
# argv: list; rc: exit code; out, err: text (latin-1, so that every byte survives).
CommandResult = namedtuple('CommandResult', 'argv rc out err')
# start_time: clock ticks since boot, which tells a process from a later one with the same pid;
# name: the first 15 characters of the program's name; exe: its path, None where even root may not
# see it (other users' processes in a container).
Process = namedtuple('Process', 'pid parent start_time name exe')
# address: text, family 4 or 6; user: id of the user who made the socket, None where not known.
Listener = namedtuple('Listener', 'family address port inode user')
Listener.__new__.__defaults__ = (None,)
# version: '2.2.15'; root, config_file, pid_file: absolute paths as compiled in.
Build = namedtuple('Build', 'version root config_file pid_file')
# text: the file, None where it is missing; value: what it sets, None where it sets nothing; line:
# where, 1 is the first; binary: the program that is thus chosen; default: the one that runs where
# nothing is set; unclear: why it cannot be told, or None.
Choice = namedtuple('Choice', 'path text value line binary default mpm unclear')
# manager: 'sysv' or 'systemd'; start, stop: argv; pid_file: absolute path, as the service manager
# knows it; begin_stop: argv that makes the manager expect that the server ends, and does not wait
# for it, None where there is nothing to tell; prepare: argv that makes it forget earlier failures,
# or None; main_pid: the main process by the manager's account, None where it keeps none; masked: it
# may not be started; socket: name of the active unit that listens in its place, or None; restarts:
# the manager starts the server again when that ends by itself; ends_all: when it stops the server
# it ends all that is in the control group of the service.
Service = namedtuple(
    'Service',
    'name manager start stop pid_file begin_stop prepare main_pid masked socket restarts ends_all',
)
Service.__new__.__defaults__ = (None, None, None, False, None, False, False)
# main: Process; mpm: None where it cannot be told; threads: of all processes together; inherited:
# inodes of those listening sockets that the service manager holds, too; config: the main file it
# was started with, where that is not the one that was read, else None. owners: ids of the users
# that the main process runs as; users: of those that only its children run as; outsiders:
# [Outsider]; groups: paths of the control groups of its service, whose members end with it.
Running = namedtuple(
    'Running', 'main mpm processes threads listeners inherited config owners users outsiders groups'
)
Running.__new__.__defaults__ = (frozenset(), None, frozenset([0]), frozenset(), (), frozenset())
# A process that holds a listening socket of the server and is no part of it. words: which one it
# is; ports: of these sockets; ancestor: it has started the server, and given it the socket.
Outsider = namedtuple('Outsider', 'process words ports ancestor')
# strangers: main processes of other servers that root, or the service's own user, runs;
# pid_file_state: 'ok', 'absent', 'stale' (no such process) or 'reused' (a process that is no
# httpd); unowned: Unowned.
Servers = namedtuple('Servers', 'running strangers pid_file_state unowned')
# Processes of other users that run the same program: how many, and some of them in words.
Unowned = namedtuple('Unowned', 'count examples')
Servers.__new__.__defaults__ = (Unowned(0, ()),)
# Another server that runs the same program. process: its main process; config: its main file;
# files: real paths of all that it reads, None where that is not known; service: name of the unit
# that owns it, or None; problem: why its files are not known, or None.
Other = namedtuple('Other', 'process config files service problem')
Other.__new__.__defaults__ = (None,)
# files: {absolute path: text}; includes: {(path, line): [absolute path, ...]}; present: paths of
# <IfFile> that exist; links: {absolute path of a file: target} of those that are symbolic links and
# have to stay such; start: COMMAND_LINE where that brings directives around the main file, None
# where httpd begins with the main file; foreign: paths of the files that somebody other than root
# can change.
ConfigTree = namedtuple('ConfigTree', 'main root files includes present links start foreign')
ConfigTree.__new__.__defaults__ = ({}, None, frozenset())
# What stands for a file that holds the directives of -C, the main file, and the directives of -c.
COMMAND_LINE = '(command line)'
# name: as users know it; switch: the panel's own way; found: what gave it away.
Panel = namedtuple('Panel', 'rule name found switch')
# problem: None, or why root must not write there; real: where links lead; encoding: 'utf-8' or
# 'other'.
PathFacts = namedtuple('PathFacts', 'path real problem encoding')
# binaries: {mpm: path}; static_modules: {mpm: ['core.c', ...]}; php_files: {absolute path: 'ts',
# 'nts', 'unknown' or 'missing'}; options: words of OPTIONS; config_test: CommandResult of the
# configured binary; port_holders: [(address, port, who)], not we; paths: {path: PathFacts} of every
# file that may be edited and every document root; real_paths: {path: where it leads} of the
# programs and the modules; evidence: {path: text or None} of what tells the layout, and of what it
# may put into place; environment: {name: value} that the configuration may name; mpm_modules: {mpm:
# path} where the MPM is loaded and not linked in; abilities: {strategy or BESIDE: Ability} of those
# that were tried out; others: [Other]; htaccess: Htaccess; perl_threads: whether the perl of
# mod_perl has threads, None where that is not known or mod_perl not loaded.
HostState = namedtuple(
    'HostState',
    'layout service build binaries static_modules choice options servers tree php_files '
    'panels config_test port_holders paths real_paths evidence environment mpm_modules abilities '
    'others '
    'swaps htaccess perl_threads',
)
# settings: {path: [PhpSetting]} of the files that set something of mod_php and that httpd reads in
# their folders; cut: what ended the search early, or None.
Htaccess = namedtuple('Htaccess', 'settings cut')
# line: 1 is the first; guards: (whether it is negated, name) of each <IfModule> around it; by other
# sections it may be read or not.
PhpSetting = namedtuple('PhpSetting', 'line guards')
HostState.__new__.__defaults__ = ({}, {}, {}, {}, (), {}, Htaccess({}, None), None)

# What installing the package of another MPM would do, where the package is the choice. replaces:
# packages of other MPMs that make room; others: whatever else would go, Plesk first; problem: why
# that cannot be told, None where it can.
Swap = namedtuple('Swap', 'package replaces others problem')

# What a host can do for a strategy, or BESIDE. means: by what, as text, None where it cannot;
# problem: why it cannot, None where it can; details: JSON-able, what its steps have to know, or
# None.
Ability = namedtuple('Ability', 'means problem details')
Ability.__new__.__defaults__ = (None,)

# --- what was decided ----------------------------------------------------------------------
# rule: name in the refusal table; level: REFUSE or WARN; packages: what would fix it; acceptable:
# whether accept may name it.
Finding = namedtuple('Finding', 'rule level acceptable reason fix packages')
# target: text. What stands at the end of a path where that is a symbolic link that has to stay one.
Link = namedtuple('Link', 'target')
# before, after: text, a Link, or None where there is nothing; real: the path to write, behind any
# link that is no Link of ours.
FileEdit = namedtuple('FileEdit', 'path real before after reason')
# action, undo: names in the table of actions, undo may be None; args, undo_args: JSON-able
# dictionaries.
Step = namedtuple('Step', 'name action args undo undo_args detail')
# What a configuration comes to under one MPM. php: [PhpModule] that are loaded; listens: [(address
# or '', port)]; directives: {name of 2.4: Setting}; document_root, error_log: absolute paths or
# None; php_settings: [(path, line)] of directives that only mod_php knows, where it is not loaded;
# proxied_php: another program is asked for PHP; needs_prefork: [why], of what is loaded; denied:
# sources of PHP are denied; modules: symbols of what is loaded; unclear: [Unclear];
# htaccess_settings: as php_settings, in the .htaccess files of sites.
Outlook = namedtuple(
    'Outlook',
    'mpm binary php handlers listens directives document_root error_log pid_file php_settings '
    'proxied_php needs_prefork denied modules unclear htaccess_settings',
)
Outlook.__new__.__defaults__ = ((), False, (), False, (), (), ())
# A line of which only httpd knows whether and how it reads it. words: which one, and why; decides:
# it loads an MPM or PHP.
Unclear = namedtuple('Unclear', 'words decides')
PhpModule = namedtuple('PhpModule', 'symbol path thread_safety file line')
# name: as written; guarded: it stands where only this MPM reads it.
Setting = namedtuple('Setting', 'name value file line guarded')
# edits: [FileEdit], what is different in the end; moves: [FileEdit], one rename each, in order,
# which may touch a path twice; restart: the server has to be stopped and started; steps: [Step] in
# order; cleanup: [Step] after the commit; strategy: a Strategy, None where no server is restarted;
# tree: the ConfigTree as it will be, None where nothing happens; rehearsal: a Rehearsal, None where
# there was none to make.
Plan = namedtuple(
    'Plan', 'now target findings edits moves restart steps cleanup strategy tree rehearsal'
)
Plan.__new__.__defaults__ = (None, None, None)
# name: one of STRATEGIES, None where the one that was asked for is not possible; means: by what it
# is done; passed: [(strategy, why it was not taken)].
Strategy = namedtuple('Strategy', 'name means passed')

# --- what was proved -----------------------------------------------------------------------
# exe, mpm, pid_file, ports, modules (files that must be mapped): what must be true of the running
# server.
Expectation = namedtuple('Expectation', 'mpm exe pid_file ports modules')
# What came of starting the new server where nobody sees it. state: 'passed', 'failed',
# 'unavailable' or 'skipped'; reason: text, empty where it passed; mpm, processes, threads,
# memory_kib: of the server that was seen to run (memory: proportional set size), None where none
# was; warnings: httpd's own, in order; seconds: how long it took.
Rehearsal = namedtuple(
    'Rehearsal', 'state reason mpm processes threads memory_kib warnings seconds'
)
Rehearsal.__new__.__defaults__ = ('', None, None, None, None, (), 0)
# status: int, or None with error: what went wrong; source: PHP source was in the body; matched:
# whether contains was found.
Answer = namedtuple('Answer', 'url status source matched error')
