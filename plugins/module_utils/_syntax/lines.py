# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Cut a text into lines and put it together again without losing a byte."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


def split_lines(text):
    # type: (str) -> list[str]
    """Return the lines with their ends.

    Only LF ends a line, as for the shell and for httpd; a CR stays with its line.
    """
    parts = text.split(u'\n')
    lines = [part + u'\n' for part in parts[:-1]]
    if parts[-1]:
        lines.append(parts[-1])
    return lines


def line_end(line):
    """Return the end of a line: CR LF, LF or nothing."""
    for end in (u'\r\n', u'\n'):
        if line.endswith(end):
            return end
    return u''


def common_end(lines):
    """Return the line end that most lines have; LF if none has one."""
    crlf = sum(1 for line in lines if line.endswith(u'\r\n'))
    lf = sum(1 for line in lines if line.endswith(u'\n')) - crlf
    return u'\r\n' if crlf > lf else u'\n'


def insert_lines(text, after, added):
    # type: (str, int, list[str]) -> str
    """Insert the lines `added` (without ends) after line number `after` (0: at the top), in the
    text's own line ends.

    A text without a last newline stays without one.
    """
    return insert_blocks(text, [(after, added)])


def insert_blocks(text, blocks):
    # type: (str, list[tuple[int, list[str]]]) -> str
    """Insert several blocks, each as `insert_lines` does, in one pass.

    blocks: [(number of the line in the text as it is, lines without ends)]; those for one number
    come in the order of the list.
    """
    lines = split_lines(text)
    end, made, done = common_end(lines), [], 0
    for after, added in sorted(blocks, key=lambda block: block[0]):
        made.extend(lines[done:after])
        done = max(done, after)
        if not added:
            continue
        if made and not line_end(made[-1]):
            # Behind the last line, which has no end: the block has none then.
            made[-1] += end
            made.extend(line + end for line in added[:-1])
            made.append(added[-1])
        else:
            made.extend(line + end for line in added)
    return u''.join(made + lines[done:])


def replace_line(text, number, new):
    """Put `new` (without an end) in the place of line `number`, which keeps its own end."""
    lines = split_lines(text)
    lines[number - 1] = new + line_end(lines[number - 1])
    return u''.join(lines)


def body_of(line):
    """Return a line without its end."""
    end = line_end(line)
    return line[: len(line) - len(end)] if end else line
