# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax.environment_file import (
    parse_environment_file,
)


@pytest.mark.parametrize(
    'text, values',
    [
        (u'', {}),
        (u'A=b', {u'A': u'b'}),
        (u'  A = b c  \n', {u'A': u'b c'}),
        (u'A=b\r\nB=c\r\n', {u'A': u'b', u'B': u'c'}),
        (u'A="a name"\n', {u'A': u'a name'}),
        (u"A='a \\ name'\n", {u'A': u'a \\ name'}),
        (u'A=\\\n8088\nB=x\n', {u'A': u'8088', u'B': u'x'}),
        (u'A="one \\\ntwo"\n', {u'A': u'one two'}),
        (u'A="one\ntwo"\nB=c\n', {u'A': u'one\ntwo', u'B': u'c'}),
        (u'A="\\"q\\" \\n"\n', {u'A': u'"q" \\n'}),
        (u'A=a\\ \n', {u'A': u'a '}),
        (u'A="b"\'c\'\n', {u'A': u'bc'}),
        (u'# A=b\n; B=c\nC=#d\n', {u'C': u'#d'}),
        (u'# on \\\nA=b\nB=c\n', {u'B': u'c'}),
        (u'export A=b\n1A=b\nno pair\nB=\n', {u'B': u''}),
        (u'A=$B `c`\n', {u'A': u'$B `c`'}),
        (u'A="never ends', {u'A': u'never ends'}),
        (u'A=\\', {u'A': u''}),
        (u'#', {}),
    ],
    ids=repr,
)
def test_reads_as_systemd_does(text, values):
    assert parse_environment_file(text) == values
