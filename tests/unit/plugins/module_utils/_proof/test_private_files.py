# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import socket
import stat

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import IsolationError
from ansible_collections.webops.apache.plugins.module_utils._model import Link
from ansible_collections.webops.apache.plugins.module_utils._proof import private_files
from ansible_collections.webops.apache.plugins.module_utils._system import namespaces, processes
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import orders

as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root has mount namespaces of its own')
STRANGER = 4321


class TestWrittenFolder:
    @pytest.mark.parametrize(
        'path, folder, name',
        [
            ('/logs/access', '/real', 'access'),
            ('/real/.', '/real', None),
            ('/real/inner', '/real/inner', None),
            ('/file', '', 'file'),
            ('/not-there/error', None, None),
            ('/gone/.', None, None),
        ],
    )
    def test_is_the_one_behind_links(self, tmp_path, path, folder, name):
        (tmp_path / 'real' / 'inner').mkdir(parents=True)
        os.symlink('real', str(tmp_path / 'logs'))
        base = os.path.realpath(str(tmp_path))
        found = private_files.written_folder(base + path)
        assert found == (None if folder is None else base + folder, name)


class TestPathsWrittenBy:
    def test_are_what_the_server_has_open_for_writing(self, tmp_path):
        with open(str(tmp_path / 'log'), 'ab'):
            with open(__file__, 'rb'):
                found = private_files.paths_written_by(processes.read_process(os.getpid()))
        assert os.path.realpath(str(tmp_path / 'log')) in found
        assert os.path.realpath(__file__) not in found and not [
            path for path in found if path.startswith('/dev/')
        ]

    def test_do_not_count_what_another_user_has_open(self, tmp_path, monkeypatch):
        with open(str(tmp_path / 'log'), 'ab'):
            monkeypatch.setattr(processes, 'users_of', lambda pid: set([0, STRANGER]))
            assert private_files.paths_written_by(processes.read_process(os.getpid())) == set()


class Scene(object):
    """Folders of root's and of a stranger's, and what a rehearsal does with them."""

    def __init__(self, folder):
        self.folder = os.path.realpath(str(folder))
        self.order = orders.REHEARSAL
        self.make('base/')

    def told(self, **changes):
        """Have the rehearsal be told something else."""
        self.order = self.order._replace(**changes)

    def path(self, name):
        return u'%s/%s' % (self.folder, name)

    def make(self, name, content=b'', owner=0, mode=None):
        """Make a file, or a folder if the name ends with a slash, and all above it."""
        path = self.path(name)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        if not name.endswith('/'):
            with open(path, 'wb') as stream:
                stream.write(content)
        elif not os.path.isdir(path):
            os.mkdir(path)
        os.chown(path, owner, owner)
        if mode is not None:
            os.chmod(path, mode)
        return path

    def within(self, look):
        """Return [shared, thinned, what `look()` returns] from inside of the stage."""

        def work():
            laid = private_files.Stage(self.path('base')).lay_over(self.order)
            return [laid.shared, laid.thinned, look()]

        return namespaces.run_apart(work, 20)


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path)


def read(path):
    with open(path, 'rb') as stream:
        return stream.read().decode('latin-1')


def listed(path):
    """Return [name, owner, mode in octal] of each entry."""
    facts = [(name, os.lstat(os.path.join(path, name))) for name in sorted(os.listdir(path))]
    return [[name, fact.st_uid, '%o' % (fact.st_mode & 0o7777)] for name, fact in facts]


@as_root
class TestStage:
    def test_what_is_written_stays_within(self, scene):
        scene.make('logs/', owner=STRANGER, mode=0o750)
        scene.make('logs/state', b'old', owner=STRANGER, mode=0o640)
        scene.make('logs/access_log', b'old')
        scene.make('logs/site/inner', b'deep')
        scene.told(private=[scene.path('logs/error_log')])

        def look():
            found = listed(scene.path('logs')), read(scene.path('logs/site/inner'))
            with open(scene.path('logs/state'), 'ab') as stream:
                stream.write(b' and new')
            return found, oct(os.stat(scene.path('logs')).st_mode)[-4:]

        shared, thinned, (found, mode) = scene.within(look)
        assert (shared, thinned, mode) == ({}, [], '0750')
        assert found == [[['site', 0, '755'], ['state', STRANGER, '640']], 'deep']
        assert read(scene.path('logs/state')) == 'old'

    def test_files_and_folders_are_changed(self, scene):
        scene.make('etc/main.conf', b'old', mode=0o600)
        scene.make('etc/enabled/one', b'1')
        scene.make('etc/enabled/two', b'2')
        enabled = {'one': None, 'three': u'3', 'four': Link('two')}
        scene.told(
            texts={scene.path('etc/main.conf'): u'new'},
            folders={scene.path('etc/enabled'): enabled},
        )
        result = scene.within(
            lambda: [
                read(scene.path('etc/main.conf')),
                listed(scene.path('etc'))[1],
                [read(scene.path('etc/enabled/' + name)) for name in ('two', 'three', 'four')],
                sorted(os.listdir(scene.path('etc/enabled'))),
            ]
        )
        assert result == [
            {},
            [],
            ['new', ['main.conf', 0, '600'], ['2', '3', '2'], ['four', 'three', 'two']],
        ]
        assert read(scene.path('etc/main.conf')) == 'old'

    @pytest.mark.parametrize('owner, shared', [(0, False), (STRANGER, True)])
    def test_a_folder_in_a_home_is_left_as_it_is(self, scene, owner, shared):
        scene.make('home/', owner=owner)
        scene.make('home/logs/', owner=STRANGER)
        scene.told(private=[scene.path('home/logs/access_log')])
        result = scene.within(lambda: os.stat(scene.path('home/logs')).st_ino)
        assert (scene.path('home/logs') in result[0]) is shared
        assert (result[2] == os.stat(scene.path('home/logs')).st_ino) is shared

    def test_a_link_of_a_stranger_leads_nowhere(self, scene):
        scene.make('home/', owner=STRANGER)
        scene.make('secret/')
        os.symlink(scene.path('secret'), scene.path('home/logs'))
        scene.told(private=[scene.path('home/logs/access_log')])
        result = scene.within(lambda: os.stat(scene.path('secret')).st_ino)
        assert result[2] == os.stat(scene.path('secret')).st_ino
        assert 'a link that a user other than root can change' in result[0][scene.path('home/logs')]

    def test_no_file_of_another_is_copied_through_a_link(self, scene):
        scene.make('secret', b'secret', mode=0o600)
        scene.make('logs/', owner=STRANGER)
        os.symlink(scene.path('secret'), scene.path('logs/state'))
        os.link(scene.path('secret'), scene.path('logs/hard'))
        scene.told(private=[scene.path('logs/error_log')])
        result = scene.within(lambda: listed(scene.path('logs')))
        assert result[2] == [['hard', 0, '600'], ['state', 0, '777']]

    def kinds(self, scene, folder):
        """Return {name: kind} of what is in a folder, seen from within."""

        def look():
            modes = [(name, os.lstat(os.path.join(folder, name))) for name in os.listdir(folder)]
            return dict((name, stat.S_IFMT(facts.st_mode)) for name, facts in modes)

        return scene.within(look)[2]

    def odd_things(self, scene):
        scene.make('logs/file', b'content')
        os.mkfifo(scene.path('logs/pipe'))
        os.mknod(scene.path('logs/device'), 0o600 | stat.S_IFCHR, os.makedev(1, 11))
        socket.socket(socket.AF_UNIX).bind(scene.path('logs/socket'))

    @pytest.mark.parametrize('written', [True, False])
    def test_a_file_stands_in_for_pipes_and_devices_and_sockets_are_there(self, scene, written):
        self.odd_things(scene)
        if written:
            scene.told(private=[scene.path('logs/error_log')])
        else:
            scene.told(folders={scene.path('logs'): {'new': u''}})
        found = self.kinds(scene, scene.path('logs'))
        found.pop('new', None)
        assert found == {
            'file': stat.S_IFREG,
            'pipe': stat.S_IFREG,
            'device': stat.S_IFREG,
            'socket': stat.S_IFSOCK,
        }

    def test_a_file_stands_in_where_the_folder_is_not_private(self, scene):
        scene.make('home/', owner=STRANGER)
        scene.make('home/logs/', owner=STRANGER)
        os.mkfifo(scene.path('home/logs/pipe'))
        os.chmod(scene.path('home/logs/pipe'), 0o620)
        os.mkfifo(scene.path('pipe'))
        os.symlink(scene.path('pipe'), scene.path('log'))
        os.mknod(scene.path('null'), 0o600 | stat.S_IFCHR, os.makedev(1, 3))
        names = ['home/logs/pipe', 'log', 'null', 'missing', 'no/folder']
        scene.told(written=[scene.path(name) for name in names])

        def look():
            return [
                stat.S_IFMT(os.stat(scene.path(name)).st_mode) for name in names[:3] + ['pipe']
            ] + [oct(os.stat(scene.path('home/logs/pipe')).st_mode)[-3:]]

        assert scene.within(look)[2] == [
            stat.S_IFREG,
            stat.S_IFREG,
            stat.S_IFCHR,
            stat.S_IFREG,
            '620',
        ]
        assert stat.S_ISFIFO(os.stat(scene.path('pipe')).st_mode)

    @pytest.mark.parametrize(
        'name, there',
        [
            ('httpd-ssl-pass-dialog', True),
            ('catalog.xml', True),
            ('logo', True),
            ('error_log', False),
            ('access.log', False),
            ('error.log.1', False),
            ('ssl_access_log-20261129', False),
            ('log', False),
            ('logs.old', False),
            ('httpd.pid', False),
            ('errors', False),
        ],
    )
    def test_logs_and_pid_files_are_not_copied(self, scene, name, there):
        scene.make('logs/' + name, b'old', mode=0o755)
        logs = [scene.path('logs/errors')]
        scene.told(private=logs, error_logs=logs)
        assert scene.within(lambda: os.listdir(scene.path('logs')))[2] == [name] * there

    def test_of_a_folder_with_too_much_only_what_is_named_is_there(self, scene, monkeypatch):
        monkeypatch.setattr(private_files, 'MAX_ENTRIES', 3)
        for name in ('a', 'b', 'c', 'sites/x/log', 'state'):
            scene.make('logs/' + name)
        names = ('logs/error_log', 'logs/state', 'logs/sites/x/log')
        scene.told(private=[scene.path(name) for name in names])
        shared, thinned, found = scene.within(lambda: sorted(os.listdir(scene.path('logs'))))
        assert (shared, thinned, found) == ({}, [scene.path('logs')], ['sites', 'state'])

    def test_copies_have_an_end(self, scene, monkeypatch):
        monkeypatch.setattr(private_files, 'MAX_COPIES', 10)
        for name in 'abc':
            scene.make('run/' + name, b'1234')
        scene.told(private=[scene.path('run/.')])
        assert scene.within(lambda: sorted(os.listdir(scene.path('run'))))[2] == ['a', 'b']

    def test_what_two_servers_cannot_share_has_to_be_private(self, scene):
        scene.make('home/', owner=STRANGER)
        scene.make('home/run/', owner=STRANGER)
        vital = [scene.path('home/run/httpd.pid')]
        scene.told(private=vital, vital=vital)
        with pytest.raises(IsolationError, match='which cannot be private there: a folder above'):
            scene.within(lambda: None)

    def test_a_folder_that_is_replaced_meanwhile_is_told(self, scene, monkeypatch):
        scene.make('logs/', owner=STRANGER)
        scene.make('secret/')
        scene.told(private=[scene.path('logs/error_log')])
        real = private_files.take_over

        def replace(source, target):
            if os.path.isdir(scene.path('logs')) and not os.path.isdir(scene.path('moved')):
                os.rename(scene.path('logs'), scene.path('moved'))
                os.symlink(scene.path('secret'), scene.path('logs'))
            real(source, target)

        monkeypatch.setattr(private_files, 'take_over', replace)
        result = scene.within(lambda: os.stat(scene.path('secret')).st_ino)
        assert result[2] == os.stat(scene.path('secret')).st_ino
        assert list(result[0]) == [scene.path('logs')]

    def test_nothing_is_laid_over_a_file_that_others_can_replace(self, scene):
        scene.make('conf/', owner=STRANGER)
        scene.told(texts={scene.make('conf/main.conf', owner=0): u'new'})
        with pytest.raises(IsolationError, match='users other than root can change its folder'):
            scene.within(lambda: None)

    def test_shared_memory_is_private(self, scene):
        assert scene.within(lambda: os.listdir('/dev/shm'))[2] == []
