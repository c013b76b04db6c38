# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A process table for tests, and a service whose pid file names one of its processes."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Process
from ansible_collections.webops.apache.plugins.module_utils._system import processes


@pytest.fixture
def table(monkeypatch):
    """Sets the process table: (pid, parent, exe), ...; users: {pid: user id} but for root."""

    def make(*rows, **options):
        users = options.get('users', {})
        found = [
            Process(pid, parent, 1000 + pid, os.path.basename(exe or 'httpd'), exe)
            for pid, parent, exe in rows
        ]
        by_pid = dict((process.pid, process) for process in found)
        monkeypatch.setattr(processes, 'read_processes', lambda: found)
        monkeypatch.setattr(processes, 'read_process', by_pid.get)
        monkeypatch.setattr(processes, '_shares_our_root', lambda pid: True)
        monkeypatch.setattr(processes, 'count_threads', lambda pid: 10)
        monkeypatch.setattr(
            processes, 'command_line', lambda pid: [by_pid[pid].exe] if pid in by_pid else []
        )
        monkeypatch.setattr(
            processes, 'users_of', lambda pid: set([users.get(pid, 0)]) if pid in by_pid else set()
        )
        return found

    return make
