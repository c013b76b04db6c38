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
REHEARSED = 'rehearsed'
STATES = (PRESENT, REHEARSED, ROLLED_BACK, RECOVERED)

# --- what the user wants -------------------------------------------------------------------
# mpm: one of MPMS; php: None (what the target needs), 'keep', 'zts', 'fpm' or 'none'; directives:
# {name: value}; probes: (Probe, ...); drain_timeout, stop_timeout, soak: seconds; accept: names of
# rules; place: a Place, or None for what is usual; strategy: 'auto' or one of STRATEGIES; rehearse:
# 'auto', 'required' or 'never'; state: one of STATES. With ROLLED_BACK the mpm of the request means
# nothing: it is that of the switch that is taken back. probe_pages: how many pages of the access
# logs are asked, too; probe_queries: with the queries that visitors sent; probe_sites: each site is
# asked, too.
Wanted = namedtuple(
    'Wanted',
    'mpm php directives probes drain_timeout stop_timeout soak accept place strategy rehearse '
    'state probe_pages probe_queries probe_sites',
)
Wanted.__new__.__defaults__ = (None, 'auto', 'auto', PRESENT, 0, False, False)
# A server that lies elsewhere; each None where it is the usual one. binary, config: paths; service:
# as the service manager knows it.
Place = namedtuple('Place', 'binary service config')
# url: http(s) URL; status: int or None (as before the switch); contains: text or None; address: of
# this host, at which it is asked, None for that in the URL, or any.
Probe = namedtuple('Probe', 'url status contains address')
Probe.__new__.__defaults__ = (None,)

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
# it ends all that is in the control group of the service; problem: why the manager cannot even say
# how the service is, or None; dependents: [Dependent]; outdated: the files of the unit have changed
# since systemd read them; lost: what the unit needs and is not there, each as PROPERTY=PATH; unit:
# {property: text} as systemd shows it, None without a unit.
Service = namedtuple(
    'Service',
    'name manager start stop pid_file begin_stop prepare main_pid masked socket restarts ends_all '
    'problem dependents outdated lost unit',
)
Service.__new__.__defaults__ = (None,) * 3 + (False, None, False, False, None, (), False, (), None)
# A unit that runs, and that systemd stops together with the service. problem: why it could not be
# started again as it runs, or None.
Dependent = namedtuple('Dependent', 'name problem')
# main: Process; mpm: None where it cannot be told; threads: of all processes together; inherited:
# inodes of those listening sockets that the service manager holds, too; config: the main file it
# was started with, where that is not the one that was read, else None. owners: ids of the users
# that the main process runs as; users: of those that only its children run as; outsiders:
# [Outsider]; groups: paths of the control groups of its service, whose members end with it; launch:
# Launch, as it was started, None where it was not looked at; memory: KiB that all its processes
# use, shared memory counted once, None where it was not measured.
Running = namedtuple(
    'Running',
    'main mpm processes threads listeners inherited config owners users outsiders groups launch '
    'memory',
)
Running.__new__.__defaults__ = (
    frozenset(),
    None,
    frozenset([0]),
    frozenset(),
    (),
    frozenset(),
    None,
    None,
)
# A process that holds a listening socket of the server and is no part of it. words: which one it
# is; ports: of these sockets; ancestor: it has started the server, and given it the socket.
Outsider = namedtuple('Outsider', 'process words ports ancestor')
# strangers: main processes of other servers that root, or the service's own user, runs;
# pid_file_state: 'ok', 'absent', 'stale' (no such process) or 'reused' (a process that is no
# httpd); unowned: Unowned; moved: the pid file that the configuration names, where that one notes
# the server and the service looks in another one, else None.
Servers = namedtuple('Servers', 'running strangers pid_file_state unowned moved')
# Processes of other users that run the same program: how many, and some of them in words.
Unowned = namedtuple('Unowned', 'count examples')
Servers.__new__.__defaults__ = (Unowned(0, ()), None)
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
# 'other'; unwritable: of a document root, None or why no file can be made in it.
PathFacts = namedtuple('PathFacts', 'path real problem encoding unwritable')
PathFacts.__new__.__defaults__ = (None,)
# What a server is started with. options: words of its command line, without those that say what to
# do; environment: {name: value} that the configuration may name; program: its path; user: id of the
# user that the main process is started as, None where that is not known; supervisor: who started
# one that runs, a Supervisor, None for what a service would start. Of one that runs, options and
# environment are None where they cannot be seen.
Launch = namedtuple('Launch', 'options environment program user supervisor')
Launch.__new__.__defaults__ = ((), {}, None, None, None)
# Who started a server, and would start it again. kind: one of the next five; name: of the unit or
# the program, None for the service's own.
Supervisor = namedtuple('Supervisor', 'kind name')
Supervisor.__new__.__defaults__ = (None,)
# The service that was read. The server is the first process of a container, which ends with it. A
# process that does not manage services keeps the server as its child. Another unit of systemd. Some
# user, by hand.
BY_SERVICE = 'service'
BY_CONTAINER = 'container'
BY_PARENT = 'parent'
BY_UNIT = 'unit'
BY_HAND = 'hand'
# What is installed. binaries: {mpm: path}; static_modules: {mpm: ['core.c', ...]}; mpm_modules:
# {mpm: path} where the MPM is loaded and not linked in; real_paths: {path: where it leads} of the
# programs and the modules; php_files: {absolute path: 'ts', 'nts', 'unknown' or 'missing'};
# perl_threads: whether the perl of mod_perl has threads, None where that is not known or mod_perl
# not loaded; swaps: {mpm: Swap} where a package is the choice; php_extensions: {path of a PHP
# module: PhpExtensions} where there are modules of both kinds.
Installed = namedtuple(
    'Installed',
    'binaries static_modules mpm_modules real_paths php_files perl_threads swaps php_extensions',
)
Installed.__new__.__defaults__ = (None, {}, {})
# What a PHP module would load. loaded: (PhpExtension, ...) of those that are there and of its kind;
# scanned: folders of the settings that say so; folder: of the extensions; problem: why it is not
# known, None where it is.
PhpExtensions = namedtuple('PhpExtensions', 'loaded scanned folder problem')
# name: as mysql; path, line: what loads it.
PhpExtension = namedtuple('PhpExtension', 'name path line')
# What lies on the disk beside the configuration, and what may be done there. paths: {path:
# PathFacts} of every file that may be edited and every document root; evidence: {path: text or
# None} of what shows the layout, and of what it may put into place; links: {path: target} of the
# evidence that is a symbolic link; htaccess: Htaccess; keys: Keys.
Disk = namedtuple('Disk', 'paths evidence links htaccess keys')
# Who else claims the files, the ports, or the program of this server. panels: [Panel]; others:
# [Other]; port_holders: [(address, port, who)], not we.
Around = namedtuple('Around', 'panels others port_holders')
Around.__new__.__defaults__ = ((), (), ())
# Where the pages of a site are asked. name: for the Host header; port: int; scheme: 'http' or
# 'https'; address: of its virtual host, None where that takes any.
AskedSite = namedtuple('AskedSite', 'name port scheme address')
# What was looked at for pages to ask, and is not used. what: a log, a virtual host or a URL; why:
# in words; idle: there is nothing wrong with it, it only has no page to ask.
LeftOut = namedtuple('LeftOut', 'what why idle')
LeftOut.__new__.__defaults__ = (False,)
# Where a kind of host keeps the FPM of a version of PHP. package, unit: names; programs: paths, one
# of which it is; pools: folder of its pools; ini, scanned: php.ini's folder and the folder of
# further settings of the module, where FPM has others, else None; part: path of httpd's part;
# target: of the link that has to be there, None for a file; modules: of httpd, in the order in
# which they are loaded.
FpmPlaces = namedtuple('FpmPlaces', 'package unit programs pools ini scanned part target modules')
# The FPM of the same PHP as the module. places: FpmPlaces; version: as '8.2', None where it is not
# known; program: its path, None where it is not installed; enabled: True, False, or None where that
# is neither; active: its unit runs; problem: why it cannot be used, or None; own_pools: names of
# pools that are neither the package's nor ours; drop_in, pool_file: paths of what we write;
# files: {path: text or None} of these; umask: of the server, as text, or None; memory: FpmMemory.
Fpm = namedtuple(
    'Fpm',
    'places version program enabled active problem own_pools drop_in pool_file files umask memory '
    'private_tmp',
)
# KiB: what new processes can have, and what a process of the server uses with PHP; each may be
# None.
FpmMemory = namedtuple('FpmMemory', 'available each')
# layout: its name; launch: Launch, what its service would start; installed: Installed; disk: Disk;
# around: Around; config_test: CommandResult of the configured binary; abilities: {strategy or
# BESIDE: Ability} of those that were tried out; fpm: Fpm, None where the host has no PHP that one
# could belong to.
HostState = namedtuple(
    'HostState',
    'layout service build launch installed choice servers tree disk around config_test abilities '
    'fpm',
)
HostState.__new__.__defaults__ = ({}, None)
# settings: {path: [PhpSetting]} of the files that set something of mod_php and that httpd reads in
# their folders; cut: what ended the search early, or None; handlers: {path: [FolderHandler]} of the
# files that httpd reads; dropped: what was found of the latter and of `values` and is not kept, as
# text, or None; servers: {path of a file in one of these: sections <VirtualHost> that serve its
# folder, None among them for the main server and all others}; unread: paths of files that could not
# be read, or not to their end; names: of such files; values: {path: [FolderHandler]} of php_value
# and php_flag in files that httpd reads, also where it passes over these once mod_php is gone
# (AllowOverride Nonfatal=Unknown); elsewhere: paths of folders that are served by another path,
# too.
Htaccess = namedtuple(
    'Htaccess', 'settings cut handlers dropped servers unread names values elsewhere'
)
Htaccess.__new__.__defaults__ = ({}, None, {}, None, {}, (), ('.htaccess',), {}, ())
# line: 1 is the first; guards: (whether it is negated, name) of each <IfModule> around it; by other
# sections it may be read or not.
PhpSetting = namedtuple('PhpSetting', 'line guards')
# A line of such a file that decides who gets a file: which handler or proxy, whether PHP is on, who
# may ask for it. line, guards: as of a PhpSetting; name: of the directive, in lower case; words:
# behind it; sections: ((name in lower case, text behind it), ...) of all sections around it but
# these <IfModule>, outermost first, and `rewritecond` for each condition of a RewriteRule; whole:
# no word and no part of the line is left out. `php_flag` and `php_value` only with `engine` and
# `open_basedir`, but for the `values` of an Htaccess.
FolderHandler = namedtuple('FolderHandler', 'line name words guards sections whole')
FolderHandler.__new__.__defaults__ = ((), (), True)
# Of TLS, as the configuration names them. locked: paths of the private keys that say that they are
# encrypted; asking: paths of the programs of SSLPassPhraseDialog that ask a person.
Keys = namedtuple('Keys', 'locked asking')
Keys.__new__.__defaults__ = (frozenset(), frozenset())
Disk.__new__.__defaults__ = ({}, {}, {}, Htaccess(), Keys())

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
# mpm: the one to run; php: what the option php has to say for it, or None; reasons: sentences.
Advice = namedtuple('Advice', 'mpm php reasons')
# target: text. What stands at the end of a path where that is a symbolic link that has to stay one.
Link = namedtuple('Link', 'target')
# before, after: text, a Link, or None where there is nothing; real: the path to write, behind any
# link that is no Link of ours; like: the path whose mode, owner and labels it takes, ROOT_ONLY
# where nobody but root may read it, None for its own.
FileEdit = namedtuple('FileEdit', 'path real before after reason like')
FileEdit.__new__.__defaults__ = (None,)
ROOT_ONLY = '(root only)'
# action, undo: names in the table of actions, undo may be None; order, undo_order: what they are
# told, each of the class that `_orders.py` has for the action, NOTHING where undo is None; detail:
# what is done, in words.
Step = namedtuple('Step', 'name action order undo undo_order detail')
# What a configuration is under one MPM. php: PhpServed; listens: [(address or '', port)];
# directives: {name of 2.4: Setting}; files: OwnFiles; modules: symbols of what is loaded;
# needs_prefork: [why], of what is loaded; unclear: [Unclear]; asked_keys: [AskedKey]; http2: HTTP/2
# is offered somewhere; effective: {name of 2.4: number} that httpd goes on with.
Outlook = namedtuple(
    'Outlook',
    'mpm binary php listens directives files modules needs_prefork unclear asked_keys http2 '
    'effective',
)
Outlook.__new__.__defaults__ = ((), (), (), (), False, {})
# How PHP is served. modules: [PhpModule] that are loaded; handlers: active lines that give files to
# mod_php; proxied: another program is asked for PHP; settings: [(path, line)] of directives that
# only mod_php knows, where it is not loaded; site_settings: the same in the .htaccess files of
# sites.
PhpServed = namedtuple('PhpServed', 'modules handlers proxied settings site_settings')
PhpServed.__new__.__defaults__ = ((), (), False, (), ())
# A web site: a virtual host, or the main server. name: its ServerName, None where it has none;
# aliases: names and patterns; ports: ((address or '*', port or None for all), ...); tls: it speaks
# TLS; path, line: where its <VirtualHost> begins, None for the main server; root: the folder of
# its documents, None where none is known; shared: a macro makes it, and others of the same lines.
Site = namedtuple('Site', 'name aliases ports tls path line root shared')
Site.__new__.__defaults__ = (False,)
# How a site serves the files of one ending in one place. how: one of the next ten; by: the
# program, handler or address that takes them, None where there is none; path, line: the directive
# that decides, None where none does.
Served = namedtuple('Served', 'how by path line')
# By the module of PHP. By FPM, or another FastCGI server. By mod_fcgid. By a program that httpd
# starts. By the module, which shows the source. Not at all: the engine of the module is off. As a
# file, so a visitor gets the source. Not at all: access is denied. The same, by lines of ours. By a
# handler that has nothing to do with PHP, or another server.
BY_MODULE = 'mod_php'
BY_FPM = 'fpm'
BY_FCGID = 'fcgid'
BY_CGI = 'cgi'
HIGHLIGHTED = 'highlighted'
ENGINE_OFF = 'engine off'
AS_FILE = 'file'
DENIED = 'denied'
DENIED_BY_US = 'denied by webops.apache'
ELSEWHERE = 'elsewhere'
EXECUTED = (BY_MODULE, BY_FPM, BY_FCGID, BY_CGI)
# One way in which a site takes files, before and after. place: None for the whole site, else the
# section or the .htaccess that is another rule for some of it, such as <Directory /srv/a>; name: of
# a file that stands for all with its ending, or for all without one; now, then: Served; url: the
# path at which the files of the place are asked, without a slash at its end, None where that is not
# known.
PhpMapping = namedtuple('PhpMapping', 'site place name now then url')
PhpMapping.__new__.__defaults__ = (None,)
# A line of a .htaccess, or a whole one, of which only httpd knows what it does. line: its number,
# None for the whole file; path: None where many are meant; why: in words.
PhpUnjudged = namedtuple('PhpUnjudged', 'path line why')
# The files of the main server: absolute paths, or None where it names none.
OwnFiles = namedtuple('OwnFiles', 'document_root error_log pid_file')
OwnFiles.__new__.__defaults__ = (None, None, None)
# A key for which each start asks a person. path, line: which directive names it; key: its path;
# dialog: how it is asked, as SSLPassPhraseDialog names it.
AskedKey = namedtuple('AskedKey', 'path line key dialog')
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
# there was none to make; places: {path behind links: folder in which its new file waits}; pages:
# [Answer] of the pages of the access logs, before anything is changed; mappings: [PhpMapping] of
# all sites; denials: [PhpMapping] of scripts that are denied before and after; sites: [SiteAnswer],
# before anything is changed; sites_left: [LeftOut] of sites that were not asked, or prove nothing;
# carried: Carried where FPM takes PHP over, else None.
Plan = namedtuple(
    'Plan',
    'now target findings edits moves restart steps cleanup strategy tree rehearsal places pages '
    'mappings denials sites sites_left carried',
)
Plan.__new__.__defaults__ = (None, None, None, {}, (), (), (), (), (), None)
# Whether a file can be swapped where it lies. path: behind any link; place: the folder from which a
# rename can take its place, or None; problem: why there is none, in words, and fix: the way out,
# both None where there is one.
SwapPlace = namedtuple('SwapPlace', 'path place problem fix')
# name: one of STRATEGIES, None where the one that was asked for is not possible; means: by what it
# is done; passed: [(strategy, why it was not taken)].
Strategy = namedtuple('Strategy', 'name means passed')

# --- what was proved -----------------------------------------------------------------------
# What came of starting the new server where nobody sees it. state: 'passed', 'failed',
# 'unavailable' or 'skipped'; reason: text, empty where it passed; mpm, processes, threads,
# memory_kib: of the server that was seen to run (memory: proportional set size), None where none
# was; warnings: httpd's own, in order; seconds: how long it took.
Rehearsal = namedtuple(
    'Rehearsal', 'state reason mpm processes threads memory_kib warnings seconds'
)
Rehearsal.__new__.__defaults__ = ('', None, None, None, None, (), 0)
# status: int, or None with error: what went wrong; source: PHP source was in the body; matched:
# whether contains was found; kind: of content, as 'text/html', None where the page did not say, and
# in what older versions noted; address: that of the Probe.
Answer = namedtuple('Answer', 'url status source matched error kind address')
Answer.__new__.__defaults__ = (None, None)
# A page of the access logs. before, after: its status; after: None if the new server was not asked;
# kind: of content, before; same: whether it answered as before.
PageResult = namedtuple('PageResult', 'url before after kind same')
# What is asked of a site. site: which one, in words; url: with its name and port; address: of this
# host, at which it is asked, None for any on which the server listens; php_turns: PHP_OFF where
# the switch turns PHP off there, so that it may deny afterwards what it answers now; PHP_ON for the
# other way round; None where it does neither.
PHP_OFF, PHP_ON = 'off', 'on'
SiteRequest = namedtuple('SiteRequest', 'site url address php_turns')
# How the name of a script begins that is asked for although it is not there.
NO_SUCH_PAGE = 'webops-no-such-page-'
# How a site answered before the switch. status: of HTTP; source: PHP source was in the body; the
# rest as of its SiteRequest.
SiteAnswer = namedtuple('SiteAnswer', 'site url address php_turns status source')
# A request to a site. before, after: its status; after: None if the new server was not asked.
SiteResult = namedtuple('SiteResult', 'site url before after')
