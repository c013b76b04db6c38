# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""A step that only keeps a way back: it stands where the way back has to pass it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._fields import TYPE_CHECKING
from ..._model import Step
from ..._orders import NOTHING

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from typing import Any  # noqa: F401

# For what is taken back before the files change again.
BEFORE_FILES = 'have a way back before the files change'


def keep_way_back(undo, order, detail, name='way back'):
    # type: (str, Any, str, str) -> Step
    """Return a Step that does nothing. undo: the action that its inverse is; order: what that is
    told.
    """
    return Step(name, 'keep_way_back', NOTHING, undo, order, detail)
