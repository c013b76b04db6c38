# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A process that has a server's socket, and is no part of it, gets no connection afterwards."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import socket

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Process
from ansible_collections.webops.apache.plugins.module_utils._system import steering
from ansible_collections.webops.apache.plugins.module_utils._transaction import files, systemd
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context
from ansible_collections.webops.apache.plugins.module_utils._transaction.strategies import overlap
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import orders


@pytest.fixture
def two():
    """(the old listening socket, the new one that shares its address)."""
    old = socket.socket()
    old.setsockopt(socket.SOL_SOCKET, steering.SO_REUSEPORT, 1)
    old.bind(('127.0.0.1', 0))
    old.listen(64)
    new = steering.joining_socket(old)
    new.listen(64)
    yield old, new
    old.close()
    new.close()


def arrivals(old, new, count=40):
    """Return whether every one of some connections comes to the new socket."""
    place, opened = new.getsockname(), []
    for _each in range(count):
        opened.append(socket.create_connection(place, 2))
    new.settimeout(1)
    try:
        opened += [new.accept()[0] for _each in range(count)]
    except socket.timeout:
        return False
    finally:
        for each in opened:
            each.close()
    return True


def test_a_socket_that_others_keep_is_silenced(two):
    old, new = two
    kept = socket.fromfd(old.fileno(), old.family, old.type)
    assert not arrivals(old, new)
    overlap._silence([old, old])
    assert arrivals(old, new)
    kept.close()


def test_a_server_is_steered_to_as_long_as_others_keep_the_old_socket(two, tmpdir, monkeypatch):
    old, new = two
    monkeypatch.setattr(overlap, 'hand_unit_back', lambda told, context: None)
    steering.steer(old, steering.filter_program(steering.SECOND))
    context = Context(None, str(tmpdir))
    evidence = orders.EVIDENCE._replace(sockets=[os.fstat(old.fileno()).st_ino])
    order = orders.OVERLAP._replace(old=orders.STOP._replace(evidence=evidence))
    overlap.hand_back(order, context)
    assert arrivals(old, new) and 'still steered to' in context.warnings[0]


@pytest.mark.parametrize('full', [False, True])
def test_the_new_server_is_noted_even_where_there_is_no_room(tmpdir, monkeypatch, full):
    old = orders.STOP._replace(pid_file=str(tmpdir.join('pid')))
    order = orders.OVERLAP._replace(old=old, aside=str(tmpdir.join('aside')))
    tmpdir.join('aside').write('1234567\n')

    def no_room(*_words):
        raise OSError(28, 'No space left on device')

    if full:
        monkeypatch.setattr(overlap.files, 'write_file', no_room)
    overlap._write_again(order, Process(42, 1, 1, 'httpd', '/httpd'), files.ABSENT)
    assert tmpdir.join('pid').read() == '42\n' and tmpdir.join('aside').check() is not full


def test_systemd_is_told_the_main_process_even_where_there_is_no_room(tmpdir, monkeypatch):
    told = orders.UNIT._replace(main_file=str(tmpdir.join('main')))
    systemd.name_main(told, 1234567)

    def no_room(*_words):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(systemd.state_folder, 'write_private', no_room)
    systemd.name_main(told, 42)
    assert tmpdir.join('main').read() == '42\n'
