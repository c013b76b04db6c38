"""Real test hosts for the attacks: one of each layout, put back as it was after each test."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / 'hosts'))
import by_layout
import target
from layouts import LAYOUTS
from scene import Scene

# Hooks of pytest.
pytest_addoption = by_layout.pytest_addoption
pytest_collection_modifyitems = by_layout.pytest_collection_modifyitems
pytest_configure = by_layout.pytest_configure

# Each checkout, and each part of a run, needs a name of its own: they share the engine.
RUN = os.environ.get('WEBOPS_ATTACKS_RUN', 'attacks')


class Hosts:
    """The hosts of this run, started when a test first asks for one."""

    def __init__(self) -> None:
        self._scenes: dict[str, Scene] = {}

    def scene(self, layout: str) -> Scene:
        """Return the Scene of a layout, its host started and ready."""
        if layout not in self._scenes:
            address = target.start_hosts(RUN, {layout: LAYOUTS[layout].image + ',real'})[layout]
            self._scenes[layout] = Scene(target.Target(RUN, layout, address, LAYOUTS[layout]))
            self._scenes[layout].prepare()
        return self._scenes[layout]

    def put_back(self, layout: str) -> None:
        """Have a host as it was for the next test; what cannot be put back is thrown away."""
        try:
            self._scenes[layout].restore()
        except Exception:
            self.throw_away(layout)

    def throw_away(self, layout: str) -> None:
        """Remove a host; the next test that asks for it gets a fresh one."""
        scene = self._scenes.pop(layout)
        target.docker('rm', '--force', '--volumes', scene.host.container)


@pytest.fixture(scope='session')
def hosts() -> Iterator[Hosts]:
    """Yield the Hosts of this run, and remove them in the end."""
    target.remove_hosts(RUN)
    yield Hosts()
    if not os.environ.get('WEBOPS_ATTACKS_KEEP'):
        target.remove_hosts(RUN)


@pytest.fixture
def scene(hosts: Hosts, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """A host with its people. After the test it is looked at for harm, whatever the test found."""
    found = hosts.scene(request.param)
    found.begin()
    try:
        yield found
        found.end()
    finally:
        hosts.put_back(request.param)
