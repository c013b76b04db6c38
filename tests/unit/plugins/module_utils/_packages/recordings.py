# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import io
import os

from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult

FOLDER = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), '..', '..', '..', 'fixtures', 'packages'
)


def recorded(name, rc=0, argv=('asked',), err=u''):
    """The CommandResult of a recorded answer."""
    with io.open(os.path.join(FOLDER, name), 'r', encoding='latin-1') as stream:
        return CommandResult(list(argv), rc, stream.read(), err)


def changes(foreseen):
    """(installs, upgrades, removes) of a Foreseen, None where there is none."""
    return foreseen and (foreseen.installs, foreseen.upgrades, foreseen.removes)
