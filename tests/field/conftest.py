"""Real test hosts for the field: a fresh one for each test, made while the one before it runs."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / 'hosts'))
import by_layout
import containers
import target
from field import FieldHost
from layouts import LAYOUTS, Layout

# Hooks of pytest.
pytest_addoption = by_layout.pytest_addoption
pytest_collection_modifyitems = by_layout.pytest_collection_modifyitems
pytest_configure = by_layout.pytest_configure

# Each checkout, and each part of a run, needs a name of its own: they share the engine.
RUN = os.environ.get('WEBOPS_FIELD_RUN', 'field')
KEEP = os.environ.get('WEBOPS_FIELD_KEEP')
# Of a container that is no host: root may look into processes of others.
REAL_FLAGS = ('--cap-add', 'SYS_PTRACE', '--cap-add', 'SYS_ADMIN', '--cap-add', 'NET_ADMIN')


class Pool:
    """Fresh hosts in the order in which tests want them, the next one made ahead."""

    def __init__(self, layouts: Iterable[Layout]) -> None:
        # One at a time: who makes a host looks at all hosts of the run.
        self._worker = ThreadPoolExecutor(1)
        self.numbers = itertools.count()
        self._wanted = list(layouts)
        self._next: Future[FieldHost] | None = None

    def take(self, layout: Layout) -> FieldHost:
        """Return a fresh FieldHost of this layout, and begin to make the one after it."""
        coming = self._next or self._begin()
        self._next = self._begin() if self._wanted else None
        host = coming.result()
        if host.layout.name != layout.name:
            raise RuntimeError(f'{layout.name} was wanted, and {host.layout.name} came')
        return host

    def _begin(self) -> Future[FieldHost]:
        layout = self._wanted.pop(0)
        return self._worker.submit(make_host, f'{layout.name}-{next(self.numbers)}', layout)

    def give_back(self, host: FieldHost) -> None:
        """Remove a host that a test has used, while the next test runs."""
        if not KEEP:
            self._worker.submit(target.docker, 'rm', '--force', '--volumes', host.host.container)

    def close(self) -> None:
        """Wait for what is under way."""
        self._worker.shutdown()


def make_host(name: str, layout: Layout) -> FieldHost:
    """Return the FieldHost `name`, fresh, with the collection's code on it."""
    address = target.start_hosts(RUN, {name: layout.image + ',real'})[name]
    host = FieldHost(target.Target(RUN, name, address, layout))
    host.prepare()
    return host


@pytest.fixture(scope='session')
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """Return the hosts of this run, and remove them in the end."""
    target.remove_hosts(RUN)
    wanted = [by_layout.layout_of(item) for item in request.session.items]
    found = Pool([LAYOUTS[name] for name in wanted if name != 'none'])
    yield found
    found.close()
    if not KEEP:
        target.remove_hosts(RUN)


@pytest.fixture
def host(pool: Pool, request: pytest.FixtureRequest) -> Iterator[FieldHost]:
    """A fresh host of the layout that the test names."""
    found = pool.take(LAYOUTS[request.param])
    yield found
    pool.give_back(found)


@pytest.fixture
def container(pool: Pool) -> Iterator[Callable[..., FieldHost]]:
    """Return a function that starts a container whose PID 1 is a command, as a FieldHost."""
    started: list[FieldHost] = []

    def start(layout: str, *argv: str) -> FieldHost:
        name = f'alone-{next(pool.numbers)}'
        found = FieldHost(target.Target(RUN, name, '', LAYOUTS[layout]))
        started.append(found)
        label = f'{containers.LABEL}={RUN}'
        image = 'webops-apache/' + found.layout.image
        flags = ['--name', found.host.container, '--hostname', name, '--label', label]
        target.docker('run', '--detach', *flags, *REAL_FLAGS, image, *argv)
        found.host.address = containers.addresses(*containers.inspect(found.host.container))[0]
        if not target.wait_until(lambda: found.visitor.get('/')[0] != 0, 20):
            raise RuntimeError(f'{argv} does not serve as PID 1 of {image}')
        found.prepare()
        return found

    yield start
    for host in started:
        pool.give_back(host)
