# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import errno
import os
import subprocess
import sys
import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import clock

# Of a process that has the symbol hidden: what the clock says, and whether libc has the symbol
# after all.
REPORT = """
import ctypes
from ansible_collections.webops.apache.plugins.module_utils._system import clock
print(hasattr(ctypes.CDLL(None), 'clock_gettime'), clock.monotonic())
"""


class Library(object):
    """A C library that has some functions."""

    def __init__(self, **functions):
        self.__dict__.update(functions)


def loader_of(libraries, opened):
    """Return a function that loads Libraries by name as ctypes.CDLL does, and notes what was
    opened.
    """

    def load(name, use_errno=False):
        assert use_errno, 'without it errno cannot be read afterwards'
        opened.append(name)
        if name not in libraries:
            raise OSError(errno.ENOENT, '%s: cannot open shared object file' % name)
        return libraries[name]

    return load


def libraries_of_old_glibc(folder):
    """Put into a folder a libc.so.6 without clock_gettime, and a librt.so.1 that has it; return
    the path of the program loader.
    """
    with open('/proc/self/maps') as maps:
        mapped = [line.split()[-1] for line in maps]
    libc = [path for path in mapped if os.path.basename(path) in ('libc.so.6', 'libc-2.31.so')][0]
    loader = [path for path in mapped if os.path.basename(path).startswith('ld-')][0]
    with open(libc, 'rb') as stream:
        content = stream.read()
    hidden = content.replace(b'clock_gettime\0', b'clock_gettimX\0')
    assert hidden != content
    folder.join('libc.so.6').write_binary(hidden)
    folder.join('librt.so.1').write_binary(content)
    return loader


class TestMonotonic:
    def test_goes_on_as_time_does(self):
        before = clock.monotonic()
        time.sleep(0.02)
        assert 0.01 < clock.monotonic() - before < 5

    def test_by_the_c_function_tells_the_same_time(self):
        assert abs(clock.monotonic_by(clock.find_clock())() - clock.monotonic()) < 5

    def test_looks_for_the_function_once(self):
        opened = []
        libc = Library(clock_gettime=ctypes.CDLL(None, use_errno=True).clock_gettime)
        read = clock.monotonic_by(clock.find_clock(loader_of({None: libc}, opened)))
        assert read() <= read() and opened == [None]

    def test_says_what_failed(self):
        def refuse(_which, _time):
            ctypes.set_errno(errno.EINVAL)
            return -1

        with pytest.raises(OSError) as caught:
            clock.monotonic_by(refuse)()
        assert caught.value.errno == errno.EINVAL and 'clock_gettime' in str(caught.value)

    @pytest.mark.skipif(
        sys.version_info[0] > 2,
        reason='Python 3 does not start without clock_gettime, and has a clock of its own',
    )
    def test_works_where_libc_lacks_the_function(self, tmpdir):
        loader = libraries_of_old_glibc(tmpdir)
        argv = [loader, '--library-path', str(tmpdir), sys.executable, '-c', REPORT]
        said = subprocess.check_output(
            argv, env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
        )
        has_symbol, seconds = eval(said)
        assert not has_symbol
        assert abs(seconds - clock.monotonic()) < 60


class TestFindClock:
    @pytest.mark.parametrize(
        'libraries, expected, opened',
        [
            ({None: Library(clock_gettime='of libc')}, 'of libc', [None]),
            (
                {None: Library(), 'librt.so.1': Library(clock_gettime='of librt')},
                'of librt',
                [None, 'librt.so.1'],
            ),
        ],
        ids=['glibc 2.17 and later', 'glibc before 2.17'],
    )
    def test_takes_the_library_that_has_it(self, libraries, expected, opened):
        asked = []
        assert clock.find_clock(loader_of(libraries, asked)) == expected
        assert asked == opened

    @pytest.mark.parametrize(
        'libraries, error',
        [
            ({None: Library(), 'librt.so.1': Library()}, AttributeError),
            ({None: Library()}, OSError),
        ],
        ids=['without it', 'missing'],
    )
    def test_fails_where_none_has_it(self, libraries, error):
        with pytest.raises(error):
            clock.find_clock(loader_of(libraries, []))


class TestWaitUntil:
    def test_gives_the_answer_as_soon_as_there_is_one(self):
        answers = [None, 0, 'ready', 'not asked']
        assert clock.wait_until(lambda: answers.pop(0), 10, pause=0.001) == 'ready'
        assert answers == ['not asked']

    def test_asks_once_where_there_is_no_time(self):
        asked = []
        assert clock.wait_until(lambda: asked.append(1), 0) is None
        assert asked == [1]

    def test_gives_the_last_answer_when_time_is_over(self):
        begin = clock.monotonic()
        assert clock.wait_until(lambda: '', 0.05) == ''
        assert 0.05 <= clock.monotonic() - begin < 5


class TestLasting:
    @pytest.mark.parametrize(
        'answers, lasts',
        [
            ('TTT', [False, False, True]),
            ('TFTT', [False, False, False, False]),
            ('TFTTT', [False, False, False, False, True]),
            ('FFF', [False, False, False]),
        ],
    )
    def test_is_true_once_each_answer_was_for_so_long(self, monkeypatch, answers, lasts):
        now, said = [0.0], list(answers)
        monkeypatch.setattr(clock, 'monotonic', lambda: now[0])
        ask = clock.lasting(lambda: said.pop(0) == 'T', 2)
        found = []
        for _second in answers:
            found.append(ask())
            now[0] += 1
        assert found == lasts
