# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The C functions that target code calls by ctypes are in the libc of every host that it runs
on.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / 'plugins').rglob('*.py'))
# What libc of EL5 (glibc 2.5) and of EL6 (2.12) has. Their clock_gettime is in librt:
# clock.find_clock looks there, too.
IN_GLIBC_2_5 = {
    'fgetxattr',
    'fsetxattr',
    'lgetxattr',
    'lsetxattr',
    'mount',
    'prctl',
    'syscall',
    'unshare',
}
# What they lack, and what comes of it there.
LATER = {
    'setns': 'Since glibc 2.14. Kernels that let it be reached are later; without it a rehearsal '
    'is unavailable.'
}
CALL = re.compile(r'\b(?:_LIBC|libc)\.([a-z]\w*)')


@pytest.mark.parametrize('path', SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_target_code_calls_only_what_old_hosts_have(path):
    called = set(CALL.findall(path.read_text()))
    assert called <= IN_GLIBC_2_5 | set(LATER)


def test_calls_are_found():
    assert {
        name for path in SOURCES for name in CALL.findall(path.read_text())
    } == IN_GLIBC_2_5 | set(LATER)
