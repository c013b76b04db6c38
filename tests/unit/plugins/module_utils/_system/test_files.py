# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import fcntl
import os
import signal

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._system import files


def make(path, content=b'', mode=0o644):
    path.write_bytes(content)
    path.chmod(mode)
    return str(path)


@pytest.fixture
def at_once():
    """Fail what does not end within two seconds."""

    def too_late(*_unused):
        raise AssertionError('it waited')

    before = signal.signal(signal.SIGALRM, too_late)
    signal.alarm(2)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


class TestReadText:
    @pytest.mark.parametrize(
        'content', [b'', b'a\r\nb', b'caf\xc3\xa9 \xff\x80\n', b'\xef\xbb\xbfa'], ids=repr
    )
    def test_keeps_every_byte(self, tmp_path, content):
        assert files.read_text(make(tmp_path / 'a', content)).encode('latin-1') == content

    def test_follows_a_link(self, tmp_path):
        make(tmp_path / 'a', b'x')
        os.symlink('a', str(tmp_path / 'b'))
        assert files.read_text(str(tmp_path / 'b')) == u'x'

    def test_gives_none_for_what_is_not_there(self, tmp_path):
        make(tmp_path / 'a')
        os.symlink('nowhere', str(tmp_path / 'b'))
        assert [files.read_text(str(tmp_path / name)) for name in ('none', 'b', 'a/b')] == [
            None,
            None,
            None,
        ]

    def test_refuses_a_folder(self, tmp_path):
        with pytest.raises(ReadError):
            files.read_text(str(tmp_path))

    def test_refuses_a_device(self):
        with pytest.raises(ReadError) as caught:
            files.read_text('/dev/null')
        assert caught.value.message == '/dev/null is not a regular file.'

    def test_waits_for_no_writer_of_a_pipe(self, tmp_path, at_once):
        os.mkfifo(str(tmp_path / 'pipe'))
        os.symlink('pipe', str(tmp_path / 'a'))
        with pytest.raises(ReadError) as caught:
            files.read_text(str(tmp_path / 'a'))
        assert caught.value.message.endswith(' is not a regular file.')

    def test_waits_for_no_holder_of_a_lease(self, tmp_path, at_once):
        path = make(tmp_path / 'a')
        with open(path, 'ab') as held:
            fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            signal.signal(signal.SIGIO, signal.SIG_IGN)
            with pytest.raises(ReadError) as caught:
                files.read_text(path)
        assert 'could not be read' in caught.value.message

    def test_refuses_nul_bytes(self, tmp_path):
        with pytest.raises(ReadError) as caught:
            files.read_text(make(tmp_path / 'a', b'a\0b'))
        assert 'NUL' in caught.value.message
        assert caught.value.details == {'path': str(tmp_path / 'a')}

    def test_refuses_what_is_too_large(self, tmp_path, monkeypatch):
        monkeypatch.setattr(files, 'MAX_BYTES', 5)
        assert files.read_text(make(tmp_path / 'a', b'12345')) == u'12345'
        with pytest.raises(ReadError) as caught:
            files.read_text(make(tmp_path / 'a', b'123456'))
        assert caught.value.message == '%s is larger than 5 bytes.' % (tmp_path / 'a')

    @pytest.mark.skipif(os.geteuid() == 0, reason='root may read everything')
    def test_refuses_what_may_not_be_read(self, tmp_path):
        with pytest.raises(ReadError):
            files.read_text(make(tmp_path / 'a', b'x', 0))


class TestNativePath:
    @pytest.mark.parametrize('raw', [b'/etc/httpd', b'/caf\xc3\xa9', b'/\xff\xa0'], ids=repr)
    def test_names_the_same_file(self, tmp_path, raw):
        folder = str(tmp_path).encode('ascii')
        name = os.path.join(folder, raw[1:].replace(b'/', b'_'))
        open(name, 'wb').close()
        assert os.path.exists(files.native_path(name.decode('latin-1')))
        assert files.read_text(name.decode('latin-1')) == u''
        assert files.text_path(files.native_path(name.decode('latin-1'))) == name.decode('latin-1')
        assert files.text_path(os.listdir(str(tmp_path))[0]) == os.path.basename(name).decode(
            'latin-1'
        )

    def test_leaves_bytes_alone(self):
        assert files.native_path(b'/\xff') == b'/\xff'


class TestFindInFile:
    def test_gives_the_first_group(self, tmp_path):
        assert (
            files.find_in_file(
                make(tmp_path / 'a', b'..API20090626,NTS..API20090626,TS'), br'API\d+,(NTS|TS)'
            )
            == b'NTS'
        )

    def test_gives_none_where_there_is_no_match(self, tmp_path):
        assert files.find_in_file(make(tmp_path / 'a', b'API'), br'API\d+,(NTS|TS)') is None
        assert files.find_in_file(make(tmp_path / 'a'), br'(.)') is None

    @pytest.mark.parametrize('offset', range(60, 85))
    @pytest.mark.parametrize('chunk', [7, 80])
    def test_finds_what_lies_across_two_blocks(self, tmp_path, chunk, offset):
        path = make(tmp_path / 'a', b'.' * offset + b'API20090626,NTS' + b'.' * 200)
        assert (
            files.find_in_file(path, br'API[0-9]{6,},(NTS|TS)', chunk=chunk, overlap=32) == b'NTS'
        )

    def test_raises_where_there_is_no_file(self, tmp_path):
        with pytest.raises((IOError, OSError)):
            files.find_in_file(str(tmp_path / 'none'), b'x')
