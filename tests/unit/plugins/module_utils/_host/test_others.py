# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import config, others, services
from ansible_collections.webops.apache.plugins.module_utils._model import (
    Build,
    CommandResult,
    Other,
    Process,
    Running,
    Servers,
    Service,
)
from ansible_collections.webops.apache.plugins.module_utils._system import processes

CONTROL = '/usr/bin/systemctl'
SERVICE = Service('httpd', 'systemd', [], [], '/run/httpd/httpd.pid')
OURS, THEIRS = (
    Process(20, 1, 5, 'httpd', '/usr/sbin/httpd'),
    Process(30, 1, 6, 'httpd', '/usr/sbin/httpd'),
)
RUNNING = Running(OURS, 'event', 1, 1, [])


class Host(object):
    """Processes with their command lines, control groups and environments, and units with their
    main processes.
    """

    def __init__(self, root):
        self.build = Build(
            '2.4.62',
            root,
            os.path.join(root, 'conf/httpd.conf'),
            os.path.join(root, 'run/httpd.pid'),
        )
        self.words, self.groups, self.values, self.mains = (
            {20: [u'httpd', u'-DFOREGROUND']},
            {},
            {},
            {},
        )
        self.theirs = set()
        self.write('conf/httpd.conf', u'Include conf.modules.d/*.conf\n')
        self.write('conf/blue.conf', u'Include ${NAME}.modules.d/*.conf\n')
        self.shared, self.own = (
            self.write('conf.modules.d/00-mpm.conf', u''),
            self.write('blue.modules.d/00-mpm.conf', u''),
        )

    def write(self, name, text):
        path = os.path.join(self.build.root, name)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with open(path, 'w') as stream:
            stream.write(str(text))
        return path

    def run(self, argv, **_options):
        return CommandResult(
            argv, 0, u'LoadState=loaded\nMainPID=%d\n' % self.mains.get(argv[-1], 0), u''
        )

    def part(self, running=RUNNING, strangers=(THEIRS,), options=()):
        build = (
            self.build._replace(config_file=os.path.join(self.build.root, options[1]))
            if options
            else self.build
        )
        return others.part_others(
            self.run, Servers(running, list(strangers), 'ok'), self.build, build, SERVICE
        )


@pytest.fixture
def host(monkeypatch, tmpdir):
    found = Host(os.path.realpath(str(tmpdir)))
    monkeypatch.setattr(services, 'SYSTEMD', found.build.root)
    # The folder of these tests lies where everybody may write.
    monkeypatch.setattr(config, 'only_root_changes', lambda path: path not in found.theirs)
    monkeypatch.setattr(services, 'find_program', {'systemctl': CONTROL}.get)
    monkeypatch.setattr(processes, 'command_line', lambda pid: found.words.get(pid, []))
    monkeypatch.setattr(processes, 'control_groups', lambda pid: found.groups.get(pid, set()))
    monkeypatch.setattr(processes, 'environment_of', lambda pid: found.values.get(pid, {}))
    return found


BLUE = '/system.slice/system-httpd.slice/httpd@blue.service'


class TestPartOthers:
    @pytest.mark.parametrize('running', [RUNNING, None], ids=['ours runs', 'ours is missing'])
    @pytest.mark.parametrize(
        'words, group, main, is_other',
        [
            ([u'httpd', u'-DFOREGROUND', u'-f', u'conf/blue.conf'], BLUE, 30, 'always'),
            ([u'httpd', u'-k', u'start', u'-fconf/blue.conf'], None, 0, 'beside'),
            ([u'httpd', u'-f', u'conf/blue.conf'], '/system.slice/sshd.service', 7, 'beside'),
            ([u'httpd', u'-f', u'conf/blue.conf'], '/system.slice/httpd.service', 30, 'beside'),
            ([u'httpd', u'-k', u'start'], None, 0, 'never'),
            ([u'httpd', u'-k', u'start'], '/system.slice/sshd.service', 7, 'never'),
            ([u'httpd', u'-f', u'conf/httpd.conf'], BLUE, 30, 'never'),
            ([u'httpd', u'-f', u'conf/none.conf'], BLUE, 30, 'never'),
            ([], BLUE, 30, 'never'),
        ],
        ids=[
            'an instance',
            'by hand',
            'by hand in a shell',
            'said to be ours',
            'ours by hand',
            'ours in a shell',
            'the same file',
            'no such file',
            'gone',
        ],
    )
    def test_goes_by_configuration_and_owner(self, host, running, words, group, main, is_other):
        host.words[30], host.groups[30] = words, set([group] if group else [])
        host.mains[os.path.basename(group or '')] = main
        found, beside = host.part(running)
        another = is_other == 'always' or (is_other == 'beside' and running is not None)
        assert ([other.process for other in beside], found.strangers) == (
            ([THEIRS], []) if another else ([], [THEIRS])
        )

    @pytest.mark.parametrize('name, shared', [('conf', True), ('blue', False)])
    def test_knows_what_the_other_reads_in_its_own_environment(self, host, name, shared):
        host.words[30], host.groups[30] = [u'httpd', u'-f', u'conf/blue.conf'], set(['/', BLUE])
        host.values[30], host.mains['httpd@blue.service'] = {u'NAME': name}, 30
        (other,) = host.part()[1]
        assert other[:2] == (THEIRS, os.path.join(host.build.root, 'conf/blue.conf'))
        assert (host.shared in other.files, host.own in other.files, other.service) == (
            shared,
            not shared,
            'httpd@blue.service',
        )

    def test_reads_no_more_than_root_alone_can_change(self, host):
        host.words[30] = [u'httpd', u'-f', u'conf/blue.conf']
        inside = host.write('blue.modules.d/theirs.conf', u'Include conf.modules.d/*.conf\n')
        host.values[30] = {u'NAME': u'blue'}
        host.theirs.add(inside)
        (other,) = host.part()[1]
        assert (host.own in other.files, inside in other.files, host.shared in other.files) == (
            True,
            True,
            False,
        )

    @pytest.mark.parametrize(
        'text, words',
        [
            (u'Define X a\n' * 3, 'can be changed by users other than root'),
            (
                u'<IfModule !x>\n' * 3
                + u'Define X %s\n' % (u'a' * 60)
                + u'Define X ${X}${X}\n' * 40
                + u'Include ${X}\n',
                'too large to be judged',
            ),
        ],
    )
    def test_says_why_it_is_not_known_what_another_one_reads(self, host, text, words):
        host.words[30] = [u'httpd', u'-f', u'conf/blue.conf']
        path = host.write('conf/blue.conf', text)
        host.theirs.update([path] if 'users' in words else [])
        (other,) = host.part()[1]
        assert (other.process, other.files, words in other.problem) == (THEIRS, None, True)

    def test_the_other_way_round_the_main_server_is_the_other(self, host):
        host.words = {20: [u'httpd', u'-f', u'conf/blue.conf'], 30: [u'httpd', u'-DFOREGROUND']}
        found, beside = host.part(options=('-f', 'conf/blue.conf'))
        assert [other.config for other in beside] == [host.build.config_file]
        assert (found.strangers, found.running.config) == ([], None)

    @pytest.mark.parametrize(
        'words, config',
        [
            ([u'httpd'], None),
            ([u'httpd', u'-k', u'start'], None),
            ([u'httpd', u'-f', u'conf/httpd.conf'], None),
            ([], None),
            ([u'httpd', u'-f', u'conf/blue.conf'], 'conf/blue.conf'),
        ],
        ids=repr,
    )
    def test_notes_that_ours_was_started_with_another_configuration(self, host, words, config):
        host.words[20] = words
        assert host.part(strangers=())[0].running.config == (
            config and os.path.join(host.build.root, config)
        )


class TestIsAnother:
    @pytest.mark.parametrize(
        'config, owner, running, another',
        [
            ('/a', None, RUNNING, False),
            ('/a', 'httpd@blue.service', RUNNING, False),
            ('/b', None, RUNNING, True),
            ('/b', None, None, False),
            ('/b', 'httpd.service', None, False),
            ('/b', 'httpd@blue.service', None, True),
            ('/a', 'httpd@blue.service', None, False),
        ],
        ids=repr,
    )
    def test_table(self, config, owner, running, another):
        assert (
            others.is_another(Other(THEIRS, config, frozenset(), owner), '/a', running, 'httpd')
            is another
        )
