"""Tests by layout: which host a test gets, and which tests a run takes.

A conftest.py imports the three hooks of pytest that are here.
"""

from __future__ import annotations

from collections.abc import Collection

import pytest

# Python 2 and SysV init, Python 3 and systemd: on these a test is tried in a short run.
SHORT = ('el6', 'debian12')


def on(fixture: str, *layouts: str, short: Collection[str] = SHORT) -> pytest.MarkDecorator:
    """Mark a test as one for these layouts: it gets the `fixture` of each.

    short: those of them that a short run takes; where none is among them, it takes all.
    """
    long = set(layouts) - set(short) if set(layouts) & set(short) else set()
    params = [pytest.param(name, marks=[pytest.mark.long] * (name in long)) for name in layouts]
    return pytest.mark.parametrize(fixture, params, indirect=True)


def layout_of(item: pytest.Item) -> str:
    """Return the layout of a test; `none` where it needs no host."""
    params = item.callspec.params if hasattr(item, 'callspec') else {}
    return params.get('scene') or params.get('host') or 'none'


def share(text: str) -> tuple[int, int]:
    """Return the numbers of a share: `2/3` is the second of three. Raises ValueError."""
    number, shares = (int(word) for word in text.split('/'))
    if not 1 <= number <= shares:
        raise ValueError(text)
    return number, shares


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker that tells the long tests from the others."""
    config.addinivalue_line('markers', 'long: a layout that a short run leaves out')


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that choose layouts."""
    parser.addoption('--layouts', default='', help='only these, as a,b; `none`: without a host')
    parser.addoption('--share', default='1/1', type=share, help='2/3: the second of three shares')
    parser.addoption('--short', action='store_true', help='each test on two layouts only')


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose by layout, and take the tests of one host after another."""
    chosen = config.getoption('--layouts')
    if chosen:
        items[:] = [item for item in items if layout_of(item) in chosen.split(',')]
    if config.getoption('--short'):
        items[:] = [item for item in items if not item.get_closest_marker('long')]
    items.sort(key=layout_of)
    number, shares = config.getoption('--share')
    items[:] = items[number - 1 :: shares]
