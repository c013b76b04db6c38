# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Shorten what httpd prints and logs."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._text import foreign

_STAMP = re.compile(r'^(?:\[[^\]]*\] ?)+')
# Lines that apachectl adds, and the warning that most hosts give at every start.
_IDLE = re.compile(r"^(Action '|The Apache error log may|AH0055[78]|httpd: Could not reliably)")
_NUMBERS = re.compile(
    r'MaxRequestWorkers|MaxClients|ThreadsPerChild|ThreadLimit|ServerLimit|StartServers|'
    r'AsyncRequestWorkerFactor|Min(?:Spare)?\w*|Max(?:Spare)?\w*',
    re.IGNORECASE,
)
_CLAMPED = re.compile(
    r'exceed|not allowed|decreas|increas|must be|multiple|changing|adjust', re.IGNORECASE
)


def own_warnings(lines):
    """Return what httpd says about numbers that it changes, 20 lines at most."""
    return [foreign(line) for line in _each_once(line for line in lines if _is_clamped(line))[:20]]


def in_words(lines):
    """Join lines of httpd into one: at most the last ten, and 1500 characters."""
    return foreign(
        ' '.join([line for line in _each_once(lines) if not _IDLE.match(line)][-10:]), 1500
    )


def _is_clamped(line):
    number = _NUMBERS.search(line)
    return bool(number and _CLAMPED.search(line, number.end()))


def _each_once(lines):
    """Return the lines without the time, in order, each once."""
    found, seen = [], set([''])
    for line in [_STAMP.sub('', line).strip() for line in lines]:
        if line not in seen:
            seen.add(line)
            found.append(line)
    return found
