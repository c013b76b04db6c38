# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Match names with wildcards as `fnmatch.fnmatchcase` does, in bounded time.

Before Python 3.9 fnmatch makes a regular expression of a pattern, and `*a*a*a*b` takes it hours for
a long name that does not match. Both patterns and names may come from other users.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

_STAR, _ONE = u'*', u'?'
# httpd takes no path longer than APR_PATH_MAX, so no file that it could read matches a longer
# pattern.
LONGEST = 4096


def match_names(pattern, names):
    """Return the names that an Include pattern matches, sorted as httpd reads them.

    A wildcard does not match a leading dot.
    """
    if len(pattern) > LONGEST:
        return []
    parts, hidden = _parts(pattern.replace(u'[^', u'[!')), pattern.startswith(u'.')
    return sorted(
        name for name in names if (hidden or not name.startswith(u'.')) and _matches(parts, name)
    )


def matches(pattern, text):
    # type: (str, str) -> bool
    """Return whether a whole text matches: `*`, `?`, `[abc]`, `[a-z]`, `[!abc]`."""
    return _matches(_parts(pattern), text)


def _parts(pattern):
    """Return the pattern in pieces: _STAR, _ONE, a character, or what `_characters` returns."""
    parts, position, open_ended = [], 0, False
    while position < len(pattern):
        char = pattern[position]
        position += 1
        end = -1
        if char == u'[' and not open_ended:
            # A bracket closes after its first character at the earliest.
            end = pattern.find(u']', position + 1 + pattern.startswith(u'!', position))
            open_ended = end < 0
        if end >= 0:
            parts.append(_characters(pattern[position:end]))
            position = end + 1
        elif char != _STAR or parts[-1:] != [_STAR]:
            parts.append(char)
    return parts


def _characters(inside):
    """Return (whether it is negated, [(first, last), ...]) of the text in a bracket."""
    negated = inside.startswith(u'!')
    position, ranges = int(negated), set()
    while position < len(inside):
        is_range = inside[position + 1 : position + 2] == u'-' and position + 2 < len(inside)
        last = position + 2 if is_range else position
        ranges.add((inside[position], inside[last]))
        position = last + 1
    return negated, _joined(ranges)


def _joined(ranges):
    """Return ranges that do not overlap, and take the same characters."""
    joined = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        elif first <= last:
            joined.append((first, last))
    return joined


def _takes(part, char):
    if not isinstance(part, tuple):
        return part in (_ONE, char)
    return any(first <= char <= last for first, last in part[1]) is not part[0]


def _matches(parts, text):
    """Walk both from the left. Only the last star can still take more: earlier ones took enough."""
    part, position, star, taken = 0, 0, None, 0
    while position < len(text):
        if part < len(parts) and parts[part] == _STAR:
            star, taken = part, position
            part += 1
        elif part < len(parts) and _takes(parts[part], text[position]):
            part, position = part + 1, position + 1
        elif star is not None:
            taken += 1
            part, position = star + 1, taken
        else:
            return False
    return all(rest == _STAR for rest in parts[part:])


def names_file(pattern, path):
    # type: (str, str) -> bool
    """Return whether an absolute Include pattern names a file, or a folder that it is in."""
    wanted, parts = [[part for part in text.split(u'/') if part] for text in (pattern, path)]
    return len(wanted) <= len(parts) and all(
        part == name or match_names(part, [name]) for part, name in zip(wanted, parts)
    )
