# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import socket
import stat

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import (
    OtherFileSystemError,
    StrangerError,
)
from ansible_collections.webops.apache.plugins.module_utils._strangers import paths

as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root may give files away')
STRANGER = 4321


@pytest.fixture
def place(tmp_path):
    """A folder of root's, above which everything belongs to root, too."""
    real = os.path.realpath(str(tmp_path))
    above = real
    while above != '/':
        os.chmod(above, os.stat(above).st_mode | 0o111)
        above = os.path.dirname(above)
    return tmp_path


def give_away(*found):
    for path in found:
        os.lchown(str(path), STRANGER, STRANGER)


@as_root
class TestOpenFolder:
    def test_reaches_a_folder_of_roots(self, place):
        (place / 'a').mkdir()
        with paths.open_folder(u'%s/./a//' % place) as folder:
            assert (folder.path, folder.rooted) == (os.path.realpath(str(place / 'a')), True)

    def test_follows_a_link_of_roots(self, place):
        (place / 'a' / 'b').mkdir(parents=True)
        os.symlink('a/../a', str(place / 'link'))
        os.symlink(str(place / 'link'), str(place / 'absolute'))
        with paths.open_folder(u'%s/absolute/b' % place) as folder:
            assert folder.path == os.path.realpath(str(place / 'a' / 'b'))

    def test_does_not_follow_a_link_of_a_stranger(self, place):
        os.symlink('/etc', str(place / 'link'))
        give_away(place / 'link')
        with pytest.raises(StrangerError, match='a link that a user other than root can change'):
            paths.open_folder(u'%s/link' % place)

    def test_does_not_follow_a_link_in_a_folder_of_a_stranger(self, place):
        (place / 'home').mkdir()
        os.symlink('/etc', str(place / 'home' / 'link'))
        give_away(place / 'home')
        with pytest.raises(StrangerError):
            paths.open_folder(u'%s/home/link' % place)

    def test_does_not_follow_a_link_below_a_folder_of_a_stranger(self, place):
        (place / 'home' / 'roots').mkdir(parents=True)
        os.symlink('/etc', str(place / 'home' / 'roots' / 'link'))
        give_away(place / 'home')
        with pytest.raises(StrangerError):
            paths.open_folder(u'%s/home/roots/link' % place)

    def test_does_not_follow_a_link_where_everybody_may_write(self, place):
        os.symlink('/etc', str(place / 'link'))
        place.chmod(0o777)
        with pytest.raises(StrangerError):
            paths.open_folder(u'%s/link' % place)
        place.chmod(0o1777)
        with paths.open_folder(u'%s/link' % place) as folder:
            assert folder.path == os.path.realpath('/etc')

    def test_tells_whether_another_owner_could_replace_it(self, place):
        (place / 'home' / 'logs').mkdir(parents=True)
        give_away(place / 'home')
        with paths.open_folder(u'%s/home' % place) as folder:
            assert folder.rooted
        with paths.open_folder(u'%s/home/logs' % place) as folder:
            assert not folder.rooted

    def test_gives_up_on_a_circle_of_links(self, place):
        os.symlink('b', str(place / 'a'))
        os.symlink('a', str(place / 'b'))
        with pytest.raises(StrangerError, match='more than 40 links'):
            paths.open_folder(u'%s/a' % place)

    @pytest.mark.parametrize('name', [u'file', u'missing', u'pipe', u'file/below'])
    def test_raises_for_what_is_not_a_folder(self, place, name):
        (place / 'file').write_bytes(b'')
        os.mkfifo(str(place / 'pipe'))
        with pytest.raises(OSError):
            paths.open_folder(u'%s/%s' % (place, name))

    def test_leaves_no_descriptor_open(self, place):
        os.symlink('a', str(place / 'a'))
        before = os.listdir('/proc/self/fd')
        for name in (u'a', u'missing'):
            with pytest.raises((StrangerError, OSError)):
                paths.open_folder(u'%s/%s' % (place, name))
        assert os.listdir('/proc/self/fd') == before


@as_root
class TestFolder:
    def test_is_the_same_one_when_its_name_is_taken(self, place):
        (place / 'logs').mkdir()
        (place / 'logs' / 'mine').write_bytes(b'x')
        with paths.open_folder(u'%s/logs' % place) as folder:
            (place / 'logs').rename(place / 'moved')
            os.symlink('/etc', str(place / 'logs'))
            assert folder.names(10) == [u'mine']
            assert folder.read(u'mine', 10) == b'x'

    def test_has_names_of_any_bytes(self, place):
        raw = os.path.join(str(place).encode('utf-8'), b'\xff\n\x1b')
        os.close(os.open(raw, os.O_WRONLY | os.O_CREAT))
        with paths.open_folder(u'%s' % place) as folder:
            assert folder.names(10) == [u'\xff\n\x1b']
            assert folder.read(u'\xff\n\x1b', 10) == b''

    def test_reads_no_longer_list_than_asked_for(self, place):
        for number in range(4):
            (place / str(number)).write_bytes(b'')
        with paths.open_folder(u'%s' % place) as folder:
            assert len(folder.names(4)) == 4
            with pytest.raises(StrangerError, match='more than 3 entries'):
                folder.names(3)

    @pytest.mark.parametrize('name', [u'', u'.', u'..', u'a/b', u'/etc'])
    def test_knows_only_names_of_entries(self, place, name):
        with paths.open_folder(u'%s' % place) as folder:
            with pytest.raises(ValueError):
                folder.facts(name)

    @pytest.mark.parametrize('kind', ['pipe', 'socket', 'link', 'dangling', 'folder'])
    def test_opens_regular_files_only(self, place, kind):
        path = str(place / 'a')
        {
            'pipe': os.mkfifo,
            'folder': os.mkdir,
            'socket': lambda path: socket.socket(socket.AF_UNIX).bind(path),
            'link': lambda path: os.symlink('/etc/passwd', path),
            'dangling': lambda path: os.symlink('nowhere', path),
        }[kind](path)
        with paths.open_folder(u'%s' % place) as folder:
            with pytest.raises(StrangerError, match='not a regular file'):
                folder.open_file(u'a')

    def test_does_not_open_what_took_the_place_of_a_file(self, place, monkeypatch):
        (place / 'a').write_bytes(b'')
        (place / 'secret').write_bytes(b'')
        with paths.open_folder(u'%s' % place) as folder:
            before = folder.facts(u'a')
            (place / 'secret').rename(place / 'a')
            monkeypatch.setattr(folder, 'facts', lambda name: before)
            with pytest.raises(StrangerError):
                folder.open_file(u'a')

    @pytest.mark.parametrize('make, check', [(os.mkfifo, stat.S_ISFIFO), (os.mkdir, stat.S_ISDIR)])
    def test_pins_an_entry_without_opening_it(self, place, make, check):
        make(str(place / 'a'))
        with paths.open_folder(u'%s' % place) as folder:
            descriptor = folder.pin(u'a')
            assert check(os.stat('/proc/self/fd/%d' % descriptor).st_mode)
            os.close(descriptor)

    def test_pins_no_link(self, place):
        os.symlink('/etc', str(place / 'a'))
        with paths.open_folder(u'%s' % place) as folder:
            with pytest.raises(OSError):
                folder.pin(u'a')


@as_root
class TestStartAndDevices:
    def test_a_path_begins_in_an_open_folder_whatever_its_name_is_now(self, place):
        (place / 'a' / 'b').mkdir(parents=True)
        os.symlink('b', str(place / 'a' / 'link'))
        with paths.open_folder(u'%s/a' % place) as start:
            (place / 'a').rename(place / 'moved')
            for path in (u'b', u'link', u'./b', u'../moved/b'):
                with paths.open_folder(path, any_link=True, start=start) as folder:
                    assert os.path.samestat(folder.facts(), os.stat(str(place / 'moved' / 'b')))
            with paths.open_folder(u'/etc', start=start) as folder:
                assert folder.path == '/etc'

    def test_an_entry_is_found_behind_links_of_anybody(self, place):
        (place / 'a').mkdir()
        (place / 'a' / 'file').write_bytes(b'12345')
        os.symlink('a', str(place / 'folder'))
        os.symlink('folder/file', str(place / 'first'))
        os.symlink(str(place / 'first'), str(place / 'second'))
        give_away(place / 'first', place / 'second', place / 'folder')
        with paths.open_folder(u'%s' % place) as start:
            inner, name = paths.open_entry(u'second', any_link=True, start=start)
            with inner:
                assert (inner.read(name, 9), name) == (b'12345', u'file')
            with pytest.raises(StrangerError):
                paths.open_entry(u'second', start=start)

    def test_a_circle_of_links_of_anybody_ends(self, place):
        os.symlink('b', str(place / 'a'))
        os.symlink('a', str(place / 'b'))
        before = len(os.listdir('/proc/self/fd'))
        with paths.open_folder(u'%s' % place) as start:
            for open_it in (paths.open_entry, paths.open_folder):
                with pytest.raises(StrangerError, match='40 links'):
                    open_it(u'a', any_link=True, start=start)
        assert len(os.listdir('/proc/self/fd')) == before

    def test_enters_no_other_file_system(self, place):
        os.symlink('/proc/self', str(place / 'link'))
        near = set([os.stat('/').st_dev, os.stat(str(place)).st_dev])
        with paths.open_folder(u'%s' % place) as start:
            for path in (u'link', u'/proc', u'%s/link/fd' % place):
                with pytest.raises(OtherFileSystemError):
                    paths.open_folder(path, any_link=True, start=start, devices=near)
            with paths.open_folder(u'.', any_link=True, start=start, devices=near) as folder:
                assert os.path.samestat(folder.facts(), start.facts())

    @pytest.mark.parametrize('given', [(), ('link',), ('',), ('link', '')], ids=repr)
    def test_knows_a_link_of_roots(self, place, given):
        (place / 'a').mkdir()
        os.symlink('x', str(place / 'a' / 'link'))
        give_away(*[place / 'a' / name for name in given])
        with paths.open_folder(u'%s/a' % place) as folder:
            assert paths.is_roots_link(folder, u'link') is (given == ())

    def test_entries_say_what_is_a_folder_and_what_a_link(self, place, monkeypatch):
        (place / 'folder').mkdir()
        (place / 'file').write_bytes(b'')
        os.symlink('folder', str(place / 'link'))
        found = [(u'file', False, False), (u'folder', True, False), (u'link', False, True)]
        with paths.open_folder(u'%s' % place) as folder:
            assert sorted(folder.entries()) == found
            monkeypatch.delattr(os, 'scandir', raising=False)
            assert sorted(folder.entries()) == found


@as_root
class TestReadFile:
    def test_reads_through_a_link_of_roots(self, place):
        (place / 'a').write_bytes(b'12345')
        os.symlink('a', str(place / 'link'))
        assert paths.read_file(u'%s/link' % place, 3) == b'123'

    def test_reads_through_no_link_of_a_stranger(self, place):
        os.symlink('/etc/passwd', str(place / 'link'))
        give_away(place / 'link')
        with pytest.raises(StrangerError):
            paths.read_file(u'%s/link' % place, 3)

    def test_gives_up_on_a_circle(self, place):
        os.symlink('a', str(place / 'a'))
        with pytest.raises(StrangerError, match='40 links'):
            paths.read_file(u'%s/a' % place, 3)
