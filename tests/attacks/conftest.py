"""Real test hosts for the attacks: one of each layout, put back as it was after each test."""

import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / 'hosts'))
import target
from layouts import LAYOUTS
from scene import Scene

# Each checkout, and each part of a run, needs a name of its own: they share the engine.
RUN = os.environ.get('WEBOPS_ATTACKS_RUN', 'attacks')


class Hosts:
    """The hosts of this run, started when a test first asks for one."""

    def __init__(self):
        self._scenes = {}

    def scene(self, layout):
        if layout not in self._scenes:
            address = target.start_hosts(RUN, {layout: LAYOUTS[layout].image + ',real'})[layout]
            self._scenes[layout] = Scene(target.Target(RUN, layout, address, LAYOUTS[layout]))
            self._scenes[layout].prepare()
        return self._scenes[layout]

    def put_back(self, layout):
        """Have a host as it was for the next test; what cannot be put back is thrown away."""
        try:
            self._scenes[layout].restore()
        except Exception:
            self.throw_away(layout)

    def throw_away(self, layout):
        scene = self._scenes.pop(layout)
        target.docker('rm', '--force', '--volumes', scene.host.container)


@pytest.fixture(scope='session')
def hosts():
    target.remove_hosts(RUN)
    yield Hosts()
    if not os.environ.get('WEBOPS_ATTACKS_KEEP'):
        target.remove_hosts(RUN)


@pytest.fixture
def scene(hosts, request):
    """A host with its people. After the test it is looked at for harm, whatever the test found."""
    found = hosts.scene(request.param)
    found.begin()
    try:
        yield found
        found.end()
    finally:
        hosts.put_back(request.param)


def pytest_configure(config):
    config.addinivalue_line('markers', 'long: a layout that a short run leaves out')


def pytest_addoption(parser):
    parser.addoption('--layouts', default='', help='only these, as a,b; `none`: without a host')
    parser.addoption('--short', action='store_true', help='each attack on two layouts only')


def pytest_collection_modifyitems(config, items):
    """Choose by layout, and take the tests of one host after another."""
    chosen = config.getoption('--layouts')
    if chosen:
        items[:] = [item for item in items if _layout(item) in chosen.split(',')]
    if config.getoption('--short'):
        items[:] = [item for item in items if not item.get_closest_marker('long')]
    items.sort(key=_layout)


def _layout(item):
    return item.callspec.params.get('scene', 'none') if hasattr(item, 'callspec') else 'none'
