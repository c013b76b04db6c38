# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The types of the records of `_orders.py`, for mypy alone. What each field means stands there;
lint compares the two.
"""

from typing import Any, NamedTuple

from ._fields import Form
from ._model import Answer, Link, Probe, SiteAnswer

class NoOrder(NamedTuple): ...

NOTHING: NoOrder

# --- files ---------------------------------------------------------------------------------
class StageOrder(NamedTuple):
    paths: list[str]

class SwapOrder(NamedTuple):
    staged: int

class PageOrder(NamedTuple):
    path: str
    content: str

# --- what is proved ------------------------------------------------------------------------
class Expectation(NamedTuple):
    mpm: str | None
    exe: str | None
    pid_file: str
    ports: list[int]
    modules: list[str]

class Address(NamedTuple):
    address: str
    port: int

PROBE: Form
ANSWER: Form
SITE: Form

class ProofOrder(NamedTuple):
    expected: Expectation
    answers: list[Answer]
    probes: list[Probe]
    soak: float
    error_log: str | None
    addresses: list[Address]
    token: str | None
    page: str | None
    threaded_php: bool
    own_ports: bool = False
    crashes: bool = False
    sites: list[SiteAnswer] = []
    site_pause: float = 0

# --- the processes of a server -------------------------------------------------------------
class Evidence(NamedTuple):
    programs: list[str]
    owners: list[int] = [0]
    users: list[int] = []
    sockets: list[int] = []
    ports: list[int] = []
    groups: list[str] = []
    spare: list[int] = []
    spare_services: list[str] = []

class StopOrder(NamedTuple):
    evidence: Evidence
    pid: int
    start_time: int
    threaded: bool
    drain_timeout: float
    stop_timeout: float
    pid_file: str | None = None
    announce: list[str] | None = None
    settle: list[str] | None = None
    service_timeout: float = 60

class StartOrder(NamedTuple):
    evidence: Evidence
    argv: list[str]
    exe: str | None
    loaded: list[str]
    pid_file: str
    timeout: float
    prepare: list[str] | None
    announce: list[str] | None
    settle: list[str] | None
    log: str | None
    drain_timeout: float = 0

class StartBesideOrder(NamedTuple):
    start: StartOrder
    old: StopOrder

class DependentsOrder(NamedTuple):
    control: str
    units: list[str]
    timeout: float

# --- the FPM that runs PHP in place of the module ---------------------------------------------
class FpmOrder(NamedTuple):
    control: str
    unit: str
    enabled: bool | None
    active: bool
    test: list[str] | None
    sockets: list[str]
    folder: str
    timeout: float

class FolderOrder(NamedTuple):
    path: str

# --- systemd -------------------------------------------------------------------------------
class UnitOrder(NamedTuple):
    pid: int
    unit: str
    control: str
    folder: str
    main_file: str
    ticket: str
    drop_in: str
    text: str

class ReloadOrder(NamedTuple):
    told: UnitOrder
    start: StartOrder
    stop_all: StartOrder
    old: StopOrder

class ReturnOrder(NamedTuple):
    told: UnitOrder
    start: StartOrder
    afresh: StartOrder
    old: StopOrder

# --- the strategies ------------------------------------------------------------------------
class HoldOrder(NamedTuple):
    means: str
    ports: list[int]
    addresses: list[str]
    longest: float
    token: str

class Endpoint(NamedTuple):
    family: int
    address: str
    port: int

class OverlapOrder(NamedTuple):
    told: UnitOrder
    old: StopOrder
    start: StartOrder
    stop_all: StartOrder
    listeners: list[Endpoint]
    aside: str

class CommandOrder(NamedTuple):
    argv: list[str]

ORDERS: dict[str, Any]

def plain_order(order: Any) -> dict[str, Any]: ...
def read_order(action: str, data: Any) -> Any: ...
def sparing(start: StartOrder, pid: int) -> StartOrder: ...

# --- the rehearsal, which no journal keeps ---------------------------------------------------
class Workers(NamedTuple):
    processes: int
    threads: int

class CompanionOrder(NamedTuple):
    program: str
    config: str
    environment: dict[str, str]
    umask: int
    folder: str
    log: str
    sockets: list[str]

class RehearsalOrder(NamedTuple):
    argv: list[str]
    environment: dict[str, str]
    texts: dict[str, str]
    folders: dict[str, dict[str, str | Link | None]]
    page: PageOrder | None
    written: list[str]
    private: list[str]
    vital: list[str]
    workers: Workers
    error_logs: list[str]
    live: int
    live_threads: int
    proof: ProofOrder
    problem: str | None
    companion: CompanionOrder | None = None
