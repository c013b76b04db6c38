# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The lines that a Use of mod_macro expands to."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .budget import LINE
from .httpd_conf import parse_line


def fill_body(body, values, depth, take):
    """Return [(Line with the values in it, path)] of a macro's body, [(Line, path)].

    values: {parameter: value}; depth: of the Use within others; take: called with what each line
    costs, in characters, before it is made.
    """
    if not values:
        take(sum(len(line.text) + LINE * depth for line, _path in body))
        return body
    # mod_macro uses the longest parameter that matches.
    names = re.compile(u'|'.join(re.escape(name) for name in sorted(values, key=len, reverse=True)))
    filled = []
    for line, path in body:
        # It looks for every parameter at every character.
        take(LINE * depth + len(line.text) * (1 + len(values) // 10))
        filled.append((_fill(line, names, values, take), path))
    return filled


def _fill(line, names, values, take):
    def value_of(found):
        value = values[found.group()]
        if found.group().startswith(u'@'):
            # The value of such a parameter gets quotes.
            value = u'"%s"' % re.sub(r'(["\\])', r'\\\1', value)
        take(len(value))
        return value

    text = names.sub(value_of, line.text)
    return line if text == line.text else parse_line(line.number, line.count, text)
