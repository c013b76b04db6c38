# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import sys

import pytest
from ansible_collections.webops.apache.plugins.module_utils._orders import CompanionOrder
from ansible_collections.webops.apache.plugins.module_utils._proof import companion
from ansible_collections.webops.apache.plugins.module_utils._system.confinement import (
    read_confinement,
)

# It listens at the path in its configuration, behind `listen = `.
LISTENS = """#!%s
import socket, sys, time
path = [line for line in open(sys.argv[3]) if line.startswith('listen')][0].split()[-1]
found = socket.socket(socket.AF_UNIX)
found.bind(path)
found.listen(5)
time.sleep(60)
"""
FAILS = '#!/bin/sh\necho no such pool >&2\nexit 78\n'


class Room(object):
    """What a mount gives."""

    def __init__(self):
        self.descriptor = os.open(os.devnull, os.O_RDONLY)


@pytest.fixture
def order(tmpdir, monkeypatch):
    """A CompanionOrder in a folder of the test, over which nothing is mounted."""
    monkeypatch.setattr(companion, 'mount_memory', lambda *_told: Room())
    monkeypatch.setattr(companion, 'take_on', lambda _confinement: None)
    folder = str(tmpdir.mkdir('sockets'))
    return CompanionOrder(
        program=str(tmpdir.join('fpm')),
        config=u'listen = %s/a\n' % folder,
        environment={'PHPRC': '/etc'},
        umask=0o022,
        folder=folder,
        log=folder + '/log',
        sockets=[folder + '/a'],
    )


def program(order, text):
    with open(order.program, 'w') as stream:
        stream.write(text)
    os.chmod(order.program, 0o755)


def test_an_fpm_that_answers_is_no_problem_and_is_ended(order):
    program(order, LISTENS % sys.executable)
    made = companion.Companion(order, read_confinement(os.getpid()))
    assert made.start() is None
    made.end()
    assert made.process.wait() != 0


def test_one_that_does_not_start_says_why(order):
    program(order, FAILS)
    made = companion.Companion(order, read_confinement(os.getpid()))
    assert made.start() == 'FPM does not start with the new pools: no such pool'
    made.end()


def test_one_that_is_deaf_is_named(order, monkeypatch):
    monkeypatch.setattr(companion, 'START_WAIT', 0.2)
    program(order, '#!/bin/sh\nexec sleep 60\n')
    made = companion.Companion(order, read_confinement(os.getpid()))
    assert made.start().startswith('FPM takes no connection at %s' % order.sockets[0])
    made.end()


def test_where_none_is_needed_nothing_is_done():
    made = companion.Companion(None, None)
    assert made.start() is None and made.end() is None


@pytest.mark.parametrize('there', [True, False])
def test_the_folder_of_the_sockets_is_there_for_that_time(order, there):
    os.rmdir(order.folder)
    if there:
        os.mkdir(order.folder)
    assert companion.make_place(order) is not there
    assert os.path.isdir(order.folder)
    companion.remove_place(order)
    assert not os.path.isdir(order.folder)
    assert companion.make_place(None) is False
