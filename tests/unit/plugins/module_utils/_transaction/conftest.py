# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import shutil
import sys

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command
from ansible_collections.webops.apache.plugins.module_utils._transaction import ending, services
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._transaction.service import (
    Service,
)


@pytest.fixture(scope='module')
def interpreter(tmpdir_factory):
    program = os.path.join(str(tmpdir_factory.mktemp('service').realpath()), 'dummyd')
    shutil.copy2(os.path.realpath(sys.executable), program)
    home = getattr(sys, 'real_prefix', None) or getattr(sys, 'base_prefix', sys.prefix)
    words = ['/usr/bin/env', 'PYTHONHOME=' + home, program]
    if run_command(words + ['-c', 'import os, signal, socket']).rc != 0:
        pytest.skip('a copy of this interpreter does not run')
    return words


@pytest.fixture
def service(interpreter, tmpdir):
    made = Service(interpreter, str(tmpdir.realpath()))
    yield made
    made.kill_all()


@pytest.fixture
def context():
    made = Context(run_command, [])
    yield made
    if made.watch:
        # A step that stops a server begins it, and one that starts the next ends it: it would look
        # on until the last test.
        made.watch.finish()


@pytest.fixture
def short_waits(monkeypatch):
    monkeypatch.setattr(ending, 'TERM_WAIT', 0.2)
    monkeypatch.setattr(services, 'PAUSES', (0,))
    monkeypatch.setattr(services, 'DOUBT_WAIT', 0.2)


@pytest.fixture
def patient(context):
    """The command that starts a server has its time on a busy machine, however short that of the
    server to come up is.
    """
    context.run = lambda argv, **options: run_command(argv, **dict(options, timeout=30))
