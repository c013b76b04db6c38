# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax.shell_exports import (
    MOST_READ,
    find_exports,
)


@pytest.mark.parametrize(
    'text, values, unclear',
    [
        (u'A=b\n', {}, []),
        (u'export A=b\n', {u'A': u'b'}, []),
        (u'A="b c"\nexport A\n', {u'A': u'b c'}, []),
        (u'A=b; export A\n', {u'A': u'b'}, []),
        (u'export A=b\nA=c\n', {u'A': u'c'}, []),
        (u'export A\n', {}, []),
        (u'declare -x A=b\n', {}, [u'A']),
        (u'set -a\nA=b\n', {u'A': u'b'}, []),
        (u'set -o allexport\nA=b\n', {u'A': u'b'}, []),
        (u'export A=$(hostname)\nexport B=c\n', {u'B': u'c'}, [u'A']),
        (u'if true; then export A=b; fi\n', {}, [u'A']),
        (u'[ -f /x ] && export A=b\n', {}, [u'A']),
        (u'# export A=b\n', {}, []),
    ],
    ids=repr,
)
def test_finds_what_is_handed_on(text, values, unclear):
    assert find_exports(text) == (values, frozenset(unclear))


def test_does_not_read_a_long_text_for_each_of_many_names():
    text = u''.join(u'export A%03d=b\n' % number for number in range(900))
    found = find_exports(text)
    assert len(found.values) == MOST_READ // len(text)
    assert len(found.values) + len(found.unclear) == 900
