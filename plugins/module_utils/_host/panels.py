# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Find control panels that own the web server's files."""
import os

from .._model import Panel
from .._system.command import find_program

PLESK_FILES = ('/usr/local/psa/version', '/opt/psa/version')
PLESK_SWITCH = 'plesk bin optimization_settings --set-mpm prefork|event'


def read_panels(run):
    """Give the Panels of this host."""
    found = _plesk_by_package(run) or _plesk_by_file()
    return [Panel('plesk', 'Plesk', found, PLESK_SWITCH)] if found else []


def _plesk_by_package(run):
    # Either package manager may be on either family of systems; the one that is missing answers nothing.
    if find_program('rpm') and run(['rpm', '-q', 'psa']).rc == 0:
        return 'the rpm package psa is installed'
    if find_program('dpkg-query') and 'ok installed' in run(['dpkg-query', '-W', '-f=${Status}', 'psa']).out:
        return 'the dpkg package psa is installed'
    return None


def _plesk_by_file():
    return next(('%s exists' % path for path in PLESK_FILES if os.path.lexists(path)), None)
