# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The variables of httpd: ${NAME}, filled in before a line is cut into words."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

_VARIABLE = re.compile(r'\$\{([^}]+)\}')


def variables_in(text):
    """Return the names in ${...}, as written."""
    return _VARIABLE.findall(_closed_part(text))


def replace_variables(text, value_of):
    """Put `value_of(match)` in the place of each ${NAME}; its group 0 is all of it, group 1 the
    name.
    """
    closed = _closed_part(text)
    return _VARIABLE.sub(value_of, closed) + text[len(closed) :]


def _closed_part(text):
    """Return the text up to the last bracket: without one, each search would go to the end."""
    return text[: text.rfind(u'}') + 1]


def fill_variables(text, defined, environment, take):
    """Put the values of those ${NAMES} that are known in their place.

    defined: {name in lower case: value}, known in any case; environment: {name: value}, known as it
    is written; take: called with the length of each value before it is put there.
    """

    def value_of(found):
        name = found.group(1)
        value = defined.get(name.lower(), environment.get(name, found.group()))
        take(len(value))
        return value

    return replace_variables(text, value_of)
