# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The types of the records of `_model.py`, for mypy alone. What each field means stands there; lint
compares the two.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ._plan.fpm.carry import Carried
from ._syntax.evaluate import Active, Section

PREFORK: str
WORKER: str
EVENT: str
MPMS: tuple[str, ...]
THREADED: tuple[str, ...]

OVERLAP: str
HOLD: str
STOP: str
STRATEGIES: tuple[str, ...]
BESIDE: str

REFUSE: str
WARN: str

PRESENT: str
ROLLED_BACK: str
RECOVERED: str
REHEARSED: str
STATES: tuple[str, ...]

# --- what the user wants -------------------------------------------------------------------
class Wanted(NamedTuple):
    mpm: str
    php: str | None
    directives: Mapping[str, Any]
    probes: Sequence[Probe]
    drain_timeout: int
    stop_timeout: int
    soak: float
    accept: Sequence[str]
    place: Place | None = None
    strategy: str = 'auto'
    rehearse: str = 'auto'
    state: str = 'present'
    probe_pages: int = 0
    probe_queries: bool = False
    probe_sites: bool = False

class Place(NamedTuple):
    binary: str | None
    service: str | None
    config: str | None

class Probe(NamedTuple):
    url: str
    status: int | None
    contains: str | None
    address: str | None = None

# --- what was read -------------------------------------------------------------------------
class CommandResult(NamedTuple):
    argv: list[str]
    rc: int
    out: str
    err: str

class Process(NamedTuple):
    pid: int
    parent: int
    start_time: int
    name: str
    exe: str | None

class Listener(NamedTuple):
    family: int
    address: str
    port: int
    inode: int
    user: int | None = None

class Build(NamedTuple):
    version: str
    root: str
    config_file: str
    pid_file: str

class Choice(NamedTuple):
    path: str
    text: str | None
    value: str | None
    line: int | None
    binary: str | None
    default: str | None
    mpm: str | None
    unclear: str | None

class Service(NamedTuple):
    name: str
    manager: str
    start: list[str]
    stop: list[str]
    pid_file: str
    begin_stop: list[str] | None = None
    prepare: list[str] | None = None
    main_pid: int | None = None
    masked: bool = False
    socket: str | None = None
    restarts: bool = False
    ends_all: bool = False
    problem: str | None = None
    dependents: Sequence[Dependent] = ()
    outdated: bool = False
    lost: Sequence[str] = ()
    unit: dict[str, str] | None = None

class Dependent(NamedTuple):
    name: str
    problem: str | None

class Running(NamedTuple):
    main: Process
    mpm: str | None
    processes: int
    threads: int
    listeners: Sequence[Listener]
    inherited: frozenset[int] = ...
    config: str | None = None
    owners: frozenset[int] = ...
    users: frozenset[int] = ...
    outsiders: Sequence[Outsider] = ()
    groups: frozenset[str] = ...
    launch: Launch | None = None
    memory: int | None = None

class Outsider(NamedTuple):
    process: Process
    words: str
    ports: Sequence[int]
    ancestor: bool

class Servers(NamedTuple):
    running: Running | None
    strangers: list[Process]
    pid_file_state: str
    unowned: Unowned = ...
    moved: str | None = None

class Unowned(NamedTuple):
    # Hides a method of tuples.
    count: int  # type: ignore[assignment]
    examples: Sequence[str]

class Other(NamedTuple):
    process: Process
    config: str
    files: frozenset[str] | None
    service: str | None
    problem: str | None = None

class ConfigTree(NamedTuple):
    main: str
    root: str
    files: dict[str, str]
    includes: dict[tuple[str, int], list[str]]
    present: frozenset[str]
    links: dict[str, str] = {}
    start: str | None = None
    foreign: frozenset[str] = ...

COMMAND_LINE: str

class Panel(NamedTuple):
    rule: str
    name: str
    found: str
    switch: str

class PathFacts(NamedTuple):
    path: str
    real: str
    problem: str | None
    encoding: str
    unwritable: str | None = None

class Launch(NamedTuple):
    options: Sequence[str] | None = ()
    environment: dict[str, str] | None = {}
    program: str | None = None
    user: int | None = None
    supervisor: Supervisor | None = None

class Supervisor(NamedTuple):
    kind: str
    name: str | None = None

BY_SERVICE: str
BY_CONTAINER: str
BY_PARENT: str
BY_UNIT: str
BY_HAND: str

class Installed(NamedTuple):
    binaries: dict[str, str]
    static_modules: dict[str, list[str]]
    mpm_modules: dict[str, str]
    real_paths: dict[str, str]
    php_files: dict[str, str]
    perl_threads: bool | None = None
    swaps: dict[str, Swap] = {}
    php_extensions: dict[str, PhpExtensions] = {}

class PhpExtensions(NamedTuple):
    loaded: Sequence[PhpExtension]
    scanned: Sequence[str]
    folder: str
    problem: str | None

class PhpExtension(NamedTuple):
    name: str
    path: str
    line: int

class Disk(NamedTuple):
    paths: dict[str, PathFacts] = {}
    evidence: dict[str, str | None] = {}
    links: dict[str, str] = {}
    htaccess: Htaccess = ...
    keys: Keys = ...

class Around(NamedTuple):
    panels: Sequence[Panel] = ()
    others: Sequence[Other] = ()
    port_holders: Sequence[tuple[str, int, str]] = ()

class AskedSite(NamedTuple):
    name: str
    port: int
    scheme: str
    address: str | None

class LeftOut(NamedTuple):
    what: str
    why: str
    idle: bool = False

class FpmPlaces(NamedTuple):
    package: str
    unit: str
    programs: Sequence[str]
    pools: str
    ini: str | None
    scanned: str | None
    part: str
    target: str | None
    modules: Sequence[str]

class Fpm(NamedTuple):
    places: FpmPlaces
    version: str | None
    program: str | None
    enabled: bool | None
    active: bool
    problem: str | None
    own_pools: Sequence[str]
    drop_in: str
    pool_file: str
    files: dict[str, str | None]
    umask: str | None
    memory: FpmMemory
    private_tmp: bool

class FpmMemory(NamedTuple):
    available: int | None
    each: int | None

class HostState(NamedTuple):
    layout: str
    service: Service
    build: Build
    launch: Launch
    installed: Installed
    choice: Choice
    servers: Servers
    tree: ConfigTree
    disk: Disk
    around: Around
    config_test: CommandResult
    abilities: dict[str, Ability] = {}
    fpm: Fpm | None = None

class Htaccess(NamedTuple):
    settings: dict[str, list[PhpSetting]] = {}
    cut: str | None = None
    handlers: dict[str, list[FolderHandler]] = {}
    dropped: str | None = None
    servers: dict[str, Sequence[Section | None]] = {}
    unread: Sequence[str] = ()
    names: Sequence[str] = ('.htaccess',)
    values: dict[str, list[FolderHandler]] = {}
    elsewhere: Sequence[str] = ()

class PhpSetting(NamedTuple):
    line: int
    guards: Sequence[tuple[bool, str]]

class FolderHandler(NamedTuple):
    line: int
    name: str
    words: tuple[str, ...]
    guards: Sequence[tuple[bool, str]] = ()
    sections: Sequence[tuple[str, str]] = ()
    whole: bool = True

class Keys(NamedTuple):
    locked: frozenset[str] = ...
    asking: frozenset[str] = ...

class Swap(NamedTuple):
    package: str
    replaces: list[str]
    others: list[str]
    problem: str | None

class Ability(NamedTuple):
    means: str | None
    problem: str | None
    details: dict[str, Any] | None = None

# --- what was decided ----------------------------------------------------------------------
class Finding(NamedTuple):
    rule: str
    level: str
    acceptable: bool
    reason: str
    fix: str
    packages: list[str]

class Advice(NamedTuple):
    mpm: str
    php: str | None
    reasons: Sequence[str]

class Link(NamedTuple):
    target: str

class FileEdit(NamedTuple):
    path: str
    real: str
    before: str | Link | None
    after: str | Link | None
    reason: str
    like: str | None = None

ROOT_ONLY: str

class Step(NamedTuple):
    name: str
    action: str
    # Of the class that ORDERS has for the action.
    order: Any
    undo: str | None
    undo_order: Any
    detail: str

class Outlook(NamedTuple):
    mpm: str
    binary: str | None
    php: PhpServed
    listens: list[tuple[str, int]]
    directives: dict[str, Setting]
    files: OwnFiles
    modules: Sequence[str] = ()
    needs_prefork: Sequence[str] = ()
    unclear: Sequence[Unclear] = ()
    asked_keys: Sequence[AskedKey] = ()
    http2: bool = False
    effective: Mapping[str, float] = {}

class PhpServed(NamedTuple):
    modules: Sequence[PhpModule] = ()
    handlers: Sequence[Active] = ()
    proxied: bool = False
    settings: Sequence[tuple[str, int]] = ()
    site_settings: Sequence[tuple[str, int]] = ()

class Site(NamedTuple):
    name: str | None
    aliases: tuple[str, ...]
    ports: tuple[tuple[str, int | None], ...]
    tls: bool
    path: str | None
    line: int | None
    root: str | None
    shared: bool = False

class Served(NamedTuple):
    how: str
    by: str | None
    path: str | None
    line: int | None

BY_MODULE: str
BY_FPM: str
BY_FCGID: str
BY_CGI: str
HIGHLIGHTED: str
ENGINE_OFF: str
AS_FILE: str
DENIED: str
DENIED_BY_US: str
ELSEWHERE: str
EXECUTED: tuple[str, ...]

class PhpMapping(NamedTuple):
    site: Site
    place: str | None
    name: str
    now: Served
    then: Served
    url: str | None = None

class PhpUnjudged(NamedTuple):
    path: str | None
    line: int | None
    why: str

class OwnFiles(NamedTuple):
    document_root: str | None = None
    error_log: str | None = None
    pid_file: str | None = None

class AskedKey(NamedTuple):
    path: str
    line: int
    key: str
    dialog: str

class Unclear(NamedTuple):
    words: str
    decides: bool

class PhpModule(NamedTuple):
    symbol: str
    path: str
    thread_safety: str
    file: str
    line: int

class Setting(NamedTuple):
    name: str
    # An int, or a float where a directive takes a fraction.
    value: Any
    file: str
    line: int
    guarded: bool

class Plan(NamedTuple):
    now: Outlook
    target: Outlook
    findings: list[Finding]
    edits: list[FileEdit]
    moves: list[FileEdit]
    restart: bool
    steps: list[Step]
    cleanup: list[Step]
    strategy: Strategy | None = None
    tree: ConfigTree | None = None
    rehearsal: Rehearsal | None = None
    places: dict[str, str] = {}
    pages: Sequence[Answer] = ()
    mappings: Sequence[PhpMapping] = ()
    denials: Sequence[PhpMapping] = ()
    sites: Sequence[SiteAnswer] = ()
    sites_left: Sequence[LeftOut] = ()
    carried: Carried | None = None

class SwapPlace(NamedTuple):
    path: str
    place: str | None
    problem: str | None
    fix: str | None

class Strategy(NamedTuple):
    name: str | None
    means: str | None
    passed: list[tuple[str, str]]

# --- what was proved -----------------------------------------------------------------------
class Rehearsal(NamedTuple):
    state: str
    reason: str = ''
    mpm: str | None = None
    processes: int | None = None
    threads: int | None = None
    memory_kib: int | None = None
    warnings: Sequence[str] = ()
    seconds: float = 0

class Answer(NamedTuple):
    url: str
    status: int | None
    source: bool
    matched: bool
    error: str | None
    kind: str | None = None
    address: str | None = None

class PageResult(NamedTuple):
    url: str
    before: int | None
    after: int | None
    kind: str | None
    same: bool

PHP_OFF: str
PHP_ON: str

class SiteRequest(NamedTuple):
    site: str
    url: str
    address: str | None
    php_turns: str | None

NO_SUCH_PAGE: str

class SiteAnswer(NamedTuple):
    site: str
    url: str
    address: str | None
    php_turns: str | None
    status: int
    source: bool

class SiteResult(NamedTuple):
    site: str
    url: str
    before: int
    after: int | None
