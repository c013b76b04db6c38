# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest

from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._system import files

as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root may give files away')


def make(path, content=b'', mode=0o644):
    path.write_bytes(content)
    path.chmod(mode)
    return str(path)


class TestReadText:
    @pytest.mark.parametrize('content', [b'', b'a\r\nb', b'caf\xc3\xa9 \xff\x80\n', b'\xef\xbb\xbfa'], ids=repr)
    def test_keeps_every_byte(self, tmp_path, content):
        assert files.read_text(make(tmp_path / 'a', content)).encode('latin-1') == content

    def test_follows_a_link(self, tmp_path):
        make(tmp_path / 'a', b'x')
        os.symlink('a', str(tmp_path / 'b'))
        assert files.read_text(str(tmp_path / 'b')) == u'x'

    def test_gives_none_for_what_is_not_there(self, tmp_path):
        make(tmp_path / 'a')
        os.symlink('nowhere', str(tmp_path / 'b'))
        assert [files.read_text(str(tmp_path / name)) for name in ('none', 'b', 'a/b')] == [None, None, None]

    def test_refuses_a_folder(self, tmp_path):
        with pytest.raises(ReadError):
            files.read_text(str(tmp_path))

    def test_refuses_a_device(self):
        with pytest.raises(ReadError) as caught:
            files.read_text('/dev/null')
        assert caught.value.message == '/dev/null is not a regular file.'

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
        assert files.text_path([found for found in os.listdir(str(tmp_path))][0]) == os.path.basename(name).decode('latin-1')

    def test_leaves_bytes_alone(self):
        assert files.native_path(b'/\xff') == b'/\xff'


class TestFindInFile:
    def test_gives_the_first_group(self, tmp_path):
        assert files.find_in_file(make(tmp_path / 'a', b'..API20090626,NTS..API20090626,TS'), br'API\d+,(NTS|TS)') == b'NTS'

    def test_gives_none_where_there_is_no_match(self, tmp_path):
        assert files.find_in_file(make(tmp_path / 'a', b'API'), br'API\d+,(NTS|TS)') is None
        assert files.find_in_file(make(tmp_path / 'a'), br'(.)') is None

    @pytest.mark.parametrize('offset', range(60, 85))
    @pytest.mark.parametrize('chunk', [7, 80])
    def test_finds_what_lies_across_two_blocks(self, tmp_path, chunk, offset):
        path = make(tmp_path / 'a', b'.' * offset + b'API20090626,NTS' + b'.' * 200)
        assert files.find_in_file(path, br'API[0-9]{6,},(NTS|TS)', chunk=chunk, overlap=32) == b'NTS'

    def test_raises_where_there_is_no_file(self, tmp_path):
        with pytest.raises((IOError, OSError)):
            files.find_in_file(str(tmp_path / 'none'), b'x')


@as_root
class TestJudgePath:
    def test_finds_nothing_against_a_file_of_root(self):
        assert files.judge_path('/etc/passwd', u'') == ('/etc/passwd', os.path.realpath('/etc/passwd'), None, 'utf-8')

    def test_names_the_nearest_fault(self, tmp_path):
        path = make(tmp_path / 'a', b'', 0o666)
        assert files.judge_path(path, None).problem == '%s can be written by users other than root (mode 0666)' % path

    def test_judges_every_folder_above(self, tmp_path):
        (tmp_path / 'x' / 'y').mkdir(parents=True)
        (tmp_path / 'x').chmod(0o777)
        path = make(tmp_path / 'x' / 'y' / 'a')
        assert files.judge_path(path, None).problem == '%s can be written by users other than root (mode 0777)' % (tmp_path / 'x')

    def test_names_another_owner(self, tmp_path):
        path = make(tmp_path / 'a')
        os.chown(path, 12345, 0)
        assert files.judge_path(path, None).problem == '%s belongs to user 12345, not to root' % path

    def test_names_the_owner_of_a_link(self, tmp_path):
        os.symlink('/etc/passwd', str(tmp_path / 'a'))
        os.lchown(str(tmp_path / 'a'), 12345, 0)
        assert files.judge_path(str(tmp_path / 'a'), None).problem == '%s belongs to user 12345, not to root' % (tmp_path / 'a')

    def test_follows_a_link_to_its_target(self, tmp_path):
        target = make(tmp_path / 'b', b'', 0o602)
        os.symlink('b', str(tmp_path / 'a'))
        facts = files.judge_path(str(tmp_path / 'a'), None)
        assert facts.real == target
        assert facts.problem == '%s can be written by users other than root (mode 0602)' % target

    def test_looks_at_every_link_on_the_way(self, tmp_path):
        # a -> open/b -> /etc/passwd: whoever may write to `open` chooses where `a` leads.
        (tmp_path / 'open').mkdir()
        (tmp_path / 'open').chmod(0o777)
        os.symlink('/etc/passwd', str(tmp_path / 'open' / 'b'))
        os.symlink(os.path.join('open', 'b'), str(tmp_path / 'a'))
        facts = files.judge_path(str(tmp_path / 'a'), None)
        assert facts.real == os.path.realpath('/etc/passwd')
        assert facts.problem == '%s can be written by users other than root (mode 0777)' % (tmp_path / 'open')

    def test_ends_on_links_that_go_in_a_circle(self, tmp_path):
        os.symlink('b', str(tmp_path / 'a'))
        os.symlink('a', str(tmp_path / 'b'))
        assert files.judge_path(str(tmp_path / 'a'), None).encoding == 'utf-8'

    def test_lets_the_group_of_root_write(self, tmp_path):
        assert not (files.judge_path(make(tmp_path / 'a', b'', 0o664), None).problem or '').startswith(str(tmp_path / 'a'))

    def test_does_not_let_another_group_write(self, tmp_path):
        path = make(tmp_path / 'a')
        os.chown(path, 0, 12345)
        os.chmod(path, 0o664)
        assert files.judge_path(path, None).problem == '%s can be written by users other than root (mode 0664)' % path

    def test_judges_the_folders_of_a_file_that_is_not_there(self, tmp_path):
        tmp_path.chmod(0o777)
        assert files.judge_path(str(tmp_path / 'none'), None).problem == '%s can be written by users other than root (mode 0777)' % tmp_path


class TestEncoding:
    @pytest.mark.parametrize('text, encoding', [
        (None, 'utf-8'), (u'', 'utf-8'), (u'a\r\n', 'utf-8'), (u'caf\xc3\xa9', 'utf-8'), (u'caf\xe9', 'other'), (u'\xff', 'other'), (u'\xc3',
        'other')], ids=repr)
    def test_tells_utf_8_from_others(self, text, encoding):
        assert files.judge_path('/', text).encoding == encoding
