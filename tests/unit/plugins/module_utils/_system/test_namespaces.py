# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import subprocess
import sys

from ansible_collections.webops.apache.plugins.module_utils._system import namespaces

# In a process of its own, and as nobody in particular: the kernel gives such a one no namespaces.
ASK = """
import json, os, sys
from ansible_collections.webops.apache.plugins.module_utils._errors import IsolationError
from ansible_collections.webops.apache.plugins.module_utils._system import namespaces
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    namespaces.run_apart(lambda: os.getpid(), 20)
except IsolationError as e:
    sys.stdout.write(json.dumps(e.message))
"""


class TestRunApart:
    def test_says_why_it_cannot_be_done(self):
        environment = dict(
            os.environ, PYTHONPATH=os.pathsep.join(sys.path), PYTHONDONTWRITEBYTECODE='1'
        )
        told = subprocess.Popen(
            [sys.executable, '-c', ASK], stdout=subprocess.PIPE, env=environment
        ).communicate()[0]
        assert json.loads(told.decode('utf-8')) == (
            'the kernel does not give a private mount namespace: Operation not permitted (this '
            'process has no CAP_SYS_ADMIN, as in a container)'
        )

    def test_leaves_the_one_who_asks_where_it_was(self):
        before = [os.readlink('/proc/self/ns/' + name) for name in ('mnt', 'net', 'ipc')]
        try:
            namespaces.run_apart(lambda: 1, 20)
        except namespaces.IsolationError as e:
            assert e.message
        assert [os.readlink('/proc/self/ns/' + name) for name in ('mnt', 'net', 'ipc')] == before
