# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever somebody else wrote is read in a moment, in little memory, and ends no reader."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import random

import parsers
import pytest

SEEDS = range(5)


def random_text(seed):
    """Return bytes of the full size: any, or pieces that mean something somewhere, in any order."""
    dice, parts, length = random.Random(seed), [], 0
    while length < parsers.SIZE:
        part = dice.choice(parsers.UNITS) if seed else os.urandom(4096)
        parts.append(part)
        length += len(part)
    return b''.join(parts)[: parsers.SIZE]


@pytest.mark.parametrize('name', sorted(parsers.PARSERS))
class TestParsers:
    def test_take_what_is_made_to_be_hard(self, name):
        assert parsers.find_slow(parsers.PARSERS[name], parsers.texts()) == []

    def test_take_any_bytes(self, name):
        samples = [('seed %d' % seed, random_text(seed)) for seed in SEEDS]
        assert parsers.find_slow(parsers.PARSERS[name], samples) == []


class TestFindSlow:
    def test_sees_what_takes_too_long(self, monkeypatch):
        monkeypatch.setattr(parsers, 'MAX_SECONDS', 0.05)
        monkeypatch.setattr(parsers, '_slowness', lambda: 1.0)

        def compute(content):
            # By the same clock as find_slow: on a busy machine other processes have the rest.
            end = parsers.clock() + 0.3
            while parsers.clock() < end:
                pass

        assert [name for name, _why in parsers.find_slow(compute, [('x', b'')])] == ['x']

    def test_sees_what_takes_too_much(self):
        def take(content):
            return [bytearray(1024) for _each in range(200000)]

        found = parsers.find_slow(take, [('x', b'')])
        assert found == [('x', 'more than 50 MiB')]

    def test_sees_an_error_of_pythons(self):
        found = parsers.find_slow(lambda content: content.index(b'x'), [('x', b'')])
        assert [name for name, _why in found] == ['x']
