# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What each step of a switch is told: one record for each kind of order, and the table that says
which action takes which.

The plan makes them, the transaction and the proof read them, and the journal keeps them on the
disk: a change of a field here is a change of its format (`_transaction/journal.py`).
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

from ._fields import FLAG, NUMBER, TEXT, WHOLE, Form, Row, field, list_of, maybe, part, record
from ._model import Answer, Probe, SiteAnswer

# Kinds of values. WORDS: a command line, of which the first word is the path of a program.
# SECONDS: 0 or more. PID, PORT, INODE, USER: as the kernel has them.
PATH, WORDS, PATHS = TEXT, list_of(TEXT), list_of(TEXT)
SECONDS = NUMBER
PID = PORT = INODE = USER = WHOLE

# For a step that has nothing to be told.
NoOrder = record('NoOrder')
NOTHING = NoOrder()

# --- files ---------------------------------------------------------------------------------
StageOrder = record(
    'StageOrder',
    # What is going to be replaced, in order and behind any link; a path may come twice.
    field('paths', PATHS),
)
SwapOrder = record(
    'SwapOrder',
    # The number of a staged file: its place in the paths of the StageOrder, from 0.
    field('staged', WHOLE),
)
# The page that asks PHP.
PageOrder = record(
    'PageOrder',
    field('path', PATH),
    # In ASCII.
    field('content', TEXT),
)

# --- what is proved ------------------------------------------------------------------------
# What must be true of the running server.
Expectation = record(
    'Expectation',
    # One of MPMS, and the program of its main process; None where nobody can tell.
    field('mpm', maybe(TEXT)),
    field('exe', maybe(PATH)),
    field('pid_file', PATH),
    # On which it listens.
    field('ports', list_of(PORT)),
    # Files that its main process must have mapped, without links.
    field('modules', PATHS),
)
# Where a server listens. address: as text, of IPv4 or IPv6.
Address = namedtuple('Address', 'address port')
Address.FORM = Row(Address, (field('address', TEXT), field('port', PORT)))
PROBE = Form(
    Probe,
    (
        field('url', TEXT),
        field('status', maybe(WHOLE)),
        field('contains', maybe(TEXT)),
        field('address', maybe(TEXT), None),
    ),
)
ANSWER = Form(
    Answer,
    (
        field('url', TEXT),
        field('status', maybe(WHOLE)),
        field('source', FLAG),
        field('matched', FLAG),
        field('error', maybe(TEXT)),
        field('kind', maybe(TEXT), None),
        field('address', maybe(TEXT), None),
    ),
)
SITE = Form(
    SiteAnswer,
    (
        field('site', TEXT),
        field('url', TEXT),
        field('address', maybe(TEXT)),
        field('php_turns', maybe(TEXT)),
        field('status', WHOLE),
        field('source', FLAG),
    ),
)
ProofOrder = record(
    'ProofOrder',
    field('expected', Expectation),
    # How the probes answered before, in their order. Without probes: the first page of each port.
    field('answers', list_of(ANSWER)),
    # Those of the user.
    field('probes', list_of(PROBE)),
    # For which the main process has to live.
    field('soak', SECONDS),
    # Where the server reports; None where it has no such file.
    field('error_log', maybe(PATH)),
    # Where the old server listens.
    field('addresses', list_of(Address)),
    # The word in the page that asks PHP, and the path of its URL; None where there is no such page.
    field('token', maybe(TEXT)),
    field('page', maybe(TEXT)),
    # PHP has to be thread-safe.
    field('threaded_php', FLAG),
    # We ask from the ports that are ours alone: two servers listen, and the new one is meant.
    field('own_ports', FLAG, False),
    # Children that crash count.
    field('crashes', FLAG, False),
    # How each site answered before; [] where they are not asked, as in version 1 and 2.
    field('sites', list_of(SITE), []),
    # Before each request to a site.
    field('site_pause', SECONDS, 0),
)

# --- the processes of a server -------------------------------------------------------------
# What tells the processes of a server from those of others.
Evidence = record(
    'Evidence',
    # Real paths of what its processes may run.
    field('programs', PATHS),
    # Ids of the users that a main process can run as (root, where nothing is said), and of those
    # that its children run as.
    field('owners', list_of(USER), [0]),
    field('users', list_of(USER), []),
    # Its listening sockets.
    field('sockets', list_of(INODE), []),
    # On which it listens, or is going to.
    field('ports', list_of(PORT), []),
    # Paths of the control groups of its service.
    field('groups', PATHS, []),
    # Main processes of other servers, and names of their services.
    field('spare', list_of(PID), []),
    field('spare_services', list_of(TEXT), []),
)
# How a server ends: gracefully, then by TERM, then by KILL.
StopOrder = record(
    'StopOrder',
    part('evidence', Evidence),
    # The main process; clock ticks since boot, which tell it from a later one with the same pid.
    field('pid', PID),
    field('start_time', WHOLE),
    # Its children have threads.
    field('threaded', FLAG),
    # After the graceful signal, which is not sent where it is 0; and after TERM.
    field('drain_timeout', SECONDS),
    field('stop_timeout', SECONDS),
    # None in a journal of version 1 where nothing asks for it.
    field('pid_file', maybe(PATH), None),
    # Has the service manager expect the end; None where it need not know.
    field('announce', maybe(WORDS), None),
    # Has the service manager see that the server has ended; None where it must not be waited for.
    field('settle', maybe(WORDS), None),
    # For each of these commands.
    field('service_timeout', SECONDS, 60),
)
# How a server comes up, and how one is ended that came up halfway.
StartOrder = record(
    'StartOrder',
    part('evidence', Evidence),
    field('argv', WORDS),
    # The program of the main process (None where nobody can tell), and files that it must have
    # mapped, without links.
    field('exe', maybe(PATH)),
    field('loaded', PATHS),
    field('pid_file', PATH),
    # Until it must be up.
    field('timeout', SECONDS),
    # Has the service manager forget earlier failures; None where there is nothing to tell.
    field('prepare', maybe(WORDS)),
    # As in a StopOrder, where it is ended again.
    field('announce', maybe(WORDS)),
    field('settle', maybe(WORDS)),
    # Where the server reports; None where it has no such file.
    field('log', maybe(PATH)),
    # What its children have to finish their requests where it is ended again.
    field('drain_timeout', SECONDS, 0),
)
# How a server comes up while an old one may still finish its requests.
StartBesideOrder = record(
    'StartBesideOrder',
    part('start', StartOrder),
    field('old', StopOrder),
)
# How units are started that systemd stopped together with the server.
DependentsOrder = record(
    'DependentsOrder',
    # The path of systemctl.
    field('control', PATH),
    # Their names.
    field('units', list_of(TEXT)),
    # For all of them together.
    field('timeout', SECONDS),
)

# --- the FPM that runs PHP in place of the module ---------------------------------------------
# How its unit has to be, once its files are as they are then.
FpmOrder = record(
    'FpmOrder',
    # The path of systemctl, and the name of the unit.
    field('control', PATH),
    field('unit', TEXT),
    # It starts at boot; None where that stays as it is.
    field('enabled', maybe(FLAG)),
    # It runs. One that runs already is restarted, since it has other files.
    field('active', FLAG),
    # Has FPM say what is wrong with its configuration; None where nothing asks.
    field('test', maybe(WORDS)),
    # Sockets that it has to answer at, and the folder below /run that they are in, which goes where
    # there are none.
    field('sockets', PATHS),
    field('folder', PATH),
    # For each command, and for the sockets.
    field('timeout', SECONDS),
)
# A folder of ours that is not needed any more.
FolderOrder = record('FolderOrder', field('path', PATH))

# --- systemd -------------------------------------------------------------------------------
# What systemd is told of a unit for the time of a switch.
UnitOrder = record(
    'UnitOrder',
    # The main process before the switch.
    field('pid', PID),
    # The name of the unit, and the path of systemctl.
    field('unit', TEXT),
    field('control', PATH),
    # Our folder below /run, and what is in it: the file that names the next main process, and the
    # one without which a reload does nothing.
    field('folder', PATH),
    field('main_file', PATH),
    field('ticket', PATH),
    # The drop-in: its path and its text.
    field('drop_in', PATH),
    field('text', TEXT),
)
# How the new server is started by the unit's reload, and ended again.
ReloadOrder = record(
    'ReloadOrder',
    part('told', UnitOrder),
    field('start', StartOrder),
    # Ends the new server where the unit is not told any more.
    field('stop_all', StartOrder),
    field('old', StopOrder),
)
# How the server comes back as it was, by the unit's reload.
ReturnOrder = record(
    'ReturnOrder',
    part('told', UnitOrder),
    field('start', StartOrder),
    # Starts it where the unit is not told any more.
    field('afresh', StartOrder),
    field('old', StopOrder),
)

# --- the strategies ------------------------------------------------------------------------
# What holds new connections.
HoldOrder = record(
    'HoldOrder',
    # One of the MEANS of `_system/holding.py`.
    field('means', TEXT),
    field('ports', list_of(PORT)),
    # To which of them; [] for all.
    field('addresses', list_of(TEXT)),
    # After which it ends by itself.
    field('longest', SECONDS),
    # A word of this switch alone: letters and digits.
    field('token', TEXT),
)
# A listening socket. family: 4 or 6; address: as text.
Endpoint = namedtuple('Endpoint', 'family address port')
Endpoint.FORM = Row(
    Endpoint, (field('family', WHOLE), field('address', TEXT), field('port', PORT))
)
# What each step of an overlap has to know.
OverlapOrder = record(
    'OverlapOrder',
    part('told', UnitOrder),
    part('old', StopOrder),
    field('start', StartOrder),
    # Ends whatever runs, once the old server is going to end.
    field('stop_all', StartOrder),
    # Those of the old server.
    field('listeners', list_of(Endpoint)),
    # Where its pid file waits.
    field('aside', PATH),
)
# A command that is run for what it writes.
CommandOrder = record('CommandOrder', field('argv', WORDS))

# {action: the class of its order}. An inverse is an action, too.
ORDERS = {
    'stage_files': StageOrder,
    'discard_staged': NoOrder,
    'forget_staged': NoOrder,
    'demand_unchanged': NoOrder,
    'swap_file': SwapOrder,
    'put_back': SwapOrder,
    'keep_way_back': NoOrder,
    'write_page': PageOrder,
    'remove_page': PageOrder,
    'observe': ProofOrder,
    'prove': ProofOrder,
    'prove_restored': ProofOrder,
    'stop_server': StopOrder,
    'start_server': StartOrder,
    'stop_whatever_runs': StartOrder,
    'ensure_started': StartOrder,
    'start_units': DependentsOrder,
    'stop_listening': StopOrder,
    'end_drained': StopOrder,
    'start_beside_drained': StartBesideOrder,
    'start_by_reload': ReloadOrder,
    'end_started': ReloadOrder,
    'end_followed': ReloadOrder,
    'start_again_by_reload': ReturnOrder,
    'leave_unit': ReturnOrder,
    'tell_manager': UnitOrder,
    'untell_manager': UnitOrder,
    'hand_unit_back': UnitOrder,
    'hold_connections': HoldOrder,
    'hold_again': HoldOrder,
    'release_connections': HoldOrder,
    'steer_to_old': OverlapOrder,
    'steer_to_new': OverlapOrder,
    'release_listeners': OverlapOrder,
    'lay_pid_file_aside': OverlapOrder,
    'put_pid_file_back': OverlapOrder,
    'start_beside': OverlapOrder,
    'end_beside': OverlapOrder,
    'empty_queues': OverlapOrder,
    'retire_server': OverlapOrder,
    'note_outage': NoOrder,
    'hand_back': OverlapOrder,
    'run_quietly': CommandOrder,
    'settle_fpm': FpmOrder,
    'hand_fpm_back': FpmOrder,
    'remove_if_empty': FolderOrder,
}


def plain_order(order):
    """Return an order as a dictionary that JSON can hold."""
    return order.FORM.plain(order)


def read_order(action, data):
    """Return the order of an action from what `plain_order` gave.

    Raises ValueError, in words, where there is no such action, or the data is not for it.
    """
    if action not in ORDERS:
        raise ValueError('there is no action %r' % (action,))
    try:
        return ORDERS[action].FORM.read(data)
    except ValueError as e:
        raise ValueError('what %s is told cannot be read: %s' % (action, e))


def sparing(start, pid):
    """Return a StartOrder that takes a main process for that of another server."""
    evidence = start.evidence
    return start._replace(evidence=evidence._replace(spare=evidence.spare + [pid]))


# --- the rehearsal, which no journal keeps ---------------------------------------------------
# The processes that a server has to make: how many, and how many threads each has that serve; 0
# where its processes have none.
Workers = namedtuple('Workers', 'processes threads')
# The FPM of a rehearsal. program: path; config: text; environment: {name: value}; umask: number;
# folder: of its sockets, which a file system in memory covers; log, sockets: paths in it.
CompanionOrder = namedtuple(
    'CompanionOrder', 'program config environment umask folder log sockets'
)
# What a rehearsal of the new server needs.
RehearsalOrder = namedtuple(
    'RehearsalOrder',
    [
        'argv',  # list  # the words that start the server, in its configuration
        'environment',  # dict  # {name: value}
        'texts',  # dict  # {path: text} over files that are there
        'folders',  # dict  # {path: {name: text, Link or None}} that are changed in a copy
        'page',  # PageOrder  # None where no page asks PHP
        'written',  # list  # all paths that the server writes
        'private',  # list  # those that are a file or a folder
        'vital',  # list  # those of these that two servers cannot share
        'workers',  # Workers
        'error_logs',  # list  # files in which the server says what is wrong
        'live',  # int  # the pid of the live main process
        'live_threads',  # int  # how many the live server has
        'proof',  # ProofOrder  # as after the switch, without a soak
        'problem',  # str  # why it cannot be rehearsed at all, or None
        'companion',  # CompanionOrder  # None where no FPM of ours is needed
    ],
)
RehearsalOrder.__new__.__defaults__ = (None,)
