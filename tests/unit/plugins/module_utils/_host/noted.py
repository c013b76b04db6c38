# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A service whose pid file names a process, and the programs of its server."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.webops.apache.plugins.module_utils._model import Service

PREFORK, WORKER = '/usr/sbin/httpd', '/usr/sbin/httpd.worker'
MPMS = {PREFORK: 'prefork', WORKER: 'worker', '/usr/sbin/httpd.itk': None}


def service_at(path, socket=None):
    return Service('httpd', 'sysv', ['start'], ['stop'], str(path), socket=socket)


def noted(tmp_path, content, socket=None):
    """A Service with this content in its pid file."""
    path = tmp_path / 'httpd.pid'
    if content is not None:
        path.write_bytes(content)
    return service_at(path, socket)
