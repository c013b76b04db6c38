# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Make many records without Python looking through them again and again for garbage."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import functools
import gc

from .._fields import TYPE_CHECKING

if TYPE_CHECKING:  # novm
    from collections.abc import Callable
    from typing import Any, TypeVar

    F = TypeVar('F', bound=Callable[..., Any])


def uncollected(function):
    # type: (F) -> F
    """Have a function run without the collector.

    For functions that make a record for each line of a file, and no cycles: the collector would
    take half of the time, and find nothing.
    """

    @functools.wraps(function)
    def run(*args):
        was_on = gc.isenabled()
        gc.disable()
        try:
            return function(*args)
        finally:
            if was_on:
                gc.enable()

    return run
