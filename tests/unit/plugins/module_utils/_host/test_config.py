# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import time
from functools import partial

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._host import config
from ansible_collections.webops.apache.plugins.module_utils._syntax.budget import LIMITS


@pytest.fixture
def root(tmp_path):
    return str(tmp_path.resolve())


def put(root, **files):
    """Write files, folders as needed; `__` in a name stands for a slash and `_dot_` for a dot."""
    for name, text in files.items():
        path = os.path.join(root, name.replace('__', '/').replace('_dot_', '.'))
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with open(path, 'wb') as stream:
            stream.write(text.encode('latin-1'))


def read(root, main, **files):
    put(root, httpd_dot_conf=main, **files)
    return config.read_tree(os.path.join(root, 'httpd.conf'), root)


def names(root, paths):
    return [os.path.relpath(path, root) for path in paths]


class TestReadTree:
    def test_reads_the_main_file_and_what_it_includes(self, root):
        tree = read(
            root,
            u'# c\nInclude conf.d/*.conf\n',
            conf_dot_d__b_dot_conf=u'B\n',
            conf_dot_d__a_dot_conf=u'A\r\n',
            conf_dot_d__c=u'C\n',
        )
        main = os.path.join(root, 'httpd.conf')
        assert (tree.main, tree.root, tree.present) == (main, root, frozenset())
        assert names(root, sorted(tree.files)) == ['conf.d/a.conf', 'conf.d/b.conf', 'httpd.conf']
        assert tree.files[os.path.join(root, 'conf.d/a.conf')] == u'A\r\n'
        assert names(root, tree.includes[(main, 2)]) == ['conf.d/a.conf', 'conf.d/b.conf']

    def test_reads_what_included_files_include(self, root):
        tree = read(root, u'Include a\n', a=u'IncludeOptional b\n', b=u'B\n')
        assert names(root, sorted(tree.files)) == ['a', 'b', 'httpd.conf']
        assert tree.includes[(os.path.join(root, 'a'), 1)] == [os.path.join(root, 'b')]

    def test_reads_behind_every_condition(self, root):
        tree = read(
            root, u'<IfModule no>\n<IfDefine NO>\nINCLUDE "a"\n</IfDefine>\n</IfModule>\n', a=u'A\n'
        )
        assert names(root, sorted(tree.files)) == ['a', 'httpd.conf']

    def test_leaves_comments_alone(self, root):
        assert names(root, read(root, u'#Include a\n# c \\\nInclude a\n', a=u'').files) == [
            'httpd.conf'
        ]

    def test_goes_by_the_server_root(self, root):
        put(root, other__a=u'A\n')
        tree = read(root, u'ServerRoot "%s/other/"\nInclude a\n' % root)
        assert tree.root == root + '/other'
        assert names(root, sorted(tree.files)) == ['httpd.conf', 'other/a']
        tree = read(
            root, u'Define WHERE "%s"\nServerRoot ${WHERE}/conf/../other\nInclude a\n' % root
        )
        assert (tree.root, names(root, sorted(tree.files))) == (
            root + '/other',
            ['httpd.conf', 'other/a'],
        )

    def test_knows_variables_where_they_are_used(self, root):
        tree = read(
            root,
            u'Include defs\nInclude ${HERE}/a\nDefine HERE elsewhere\n',
            defs=u'Define UP x\nDefine HERE "${UP} y"\n',
            **{'x y__a': u''}
        )
        assert tree.includes[(tree.main, 2)] == []
        tree = read(root, u'Include defs\nInclude "${HERE}/a"\n')
        assert names(root, tree.includes[(tree.main, 2)]) == ['x y/a']

    def test_reads_what_any_value_of_a_variable_names(self, root):
        files = dict(one__a=u'', two__b=u'', two__a=u'', three__a=u'')
        text = u'Define X one\n<IfModule prefork.c>\nDefine X two\n</IfModule>\nInclude ${x}/*\n'
        assert names(root, read(root, text, **files).includes[(root + '/httpd.conf', 5)]) == [
            'one/a',
            'two/a',
            'two/b',
        ]
        put(root, httpd_dot_conf=text)
        tree = config.read_tree(
            os.path.join(root, 'httpd.conf'), root, {u'x': u'three', u'X': u'four'}
        )
        assert names(root, tree.includes[(tree.main, 5)]) == ['one/a', 'three/a', 'two/a', 'two/b']

    def test_reads_a_file_again_for_a_later_value(self, root):
        text = u'Define X one\nInclude template\nDefine X two\nDefine Y ${X}\nInclude template\n'
        tree = read(
            root,
            text,
            template=u'Include sites/${X}\n<IfFile ! "${Y}">\n</IfFile>\n',
            sites__one=u'',
            sites__two=u'',
            two=u'',
        )
        assert names(root, tree.includes[(root + '/template', 1)]) == ['sites/one', 'sites/two']
        assert tree.present == frozenset([root + '/two'])

    def test_ends_where_a_variable_grows(self, root):
        text = u'Define X a\nInclude ${X}\nDefine X ${X}a\nDefine Y ${X}${Y}\nInclude ${X}${Y}\n'
        assert names(root, sorted(read(root, text, a=u'', aa=u'').files)) == [
            'a',
            'aa',
            'httpd.conf',
        ]

    def test_ends_where_files_include_each_other(self, root):
        tree = read(root, u'Include a\nInclude a\n', a=u'Include httpd.conf\nInclude a\n')
        assert names(root, sorted(tree.files)) == ['a', 'httpd.conf']

    def test_takes_a_missing_file_and_the_null_device_for_empty(self, root):
        os.symlink('nowhere', os.path.join(root, 'a'))
        tree = read(root, u'Include a\nInclude b\nInclude /dev/null\nInclude ""\n')
        assert dict(
            (os.path.relpath(path, root), text)
            for path, text in tree.files.items()
            if path != tree.main
        ) == {'a': u'', os.path.relpath('/dev/null', root): u''}
        assert tree.includes[(tree.main, 4)] == []

    def test_sees_which_files_are_asked_for(self, root):
        tree = read(
            root,
            u'Define A a\n<IfFile ${A}>\n</IfFile>\n<IfFile !b>\n</IfFile>\n<IfFile '
            u'"/etc/passwd">\n</IfFile>\n',
            a=u'',
        )
        assert tree.present == frozenset([os.path.join(root, 'a'), '/etc/passwd'])

    @pytest.mark.parametrize('name', [b'caf\xc3\xa9', b'voil\xc3\xa0', b'\xff'], ids=repr)
    def test_finds_files_of_any_name(self, root, name):
        folder = os.path.join(root.encode('ascii'), name)
        os.mkdir(folder)
        open(os.path.join(folder, name + b'.conf'), 'wb').close()
        tree = read(
            root,
            u'Include %s/*.conf\nInclude %s/*.conf\n'
            % (name.decode('latin-1'), name[:-1].decode('latin-1') + u'*'),
        )
        path = u'%s/%s/%s.conf' % (root, name.decode('latin-1'), name.decode('latin-1'))
        assert set(tree.files) == set([tree.main, path])
        assert tree.includes == {(tree.main, 1): [path], (tree.main, 2): [path]}

    def test_says_so_where_the_main_file_is_missing(self, root):
        with pytest.raises(ReadError) as caught:
            config.read_tree(os.path.join(root, 'none'), root)
        assert caught.value.message == '%s/none does not exist.' % root

    def test_says_so_where_a_file_is_no_text(self, root):
        with pytest.raises(ReadError):
            read(root, u'Include a\n', a=u'\0')


def limit(monkeypatch, **limits):
    monkeypatch.setattr(config, 'Budget', partial(config.Budget, limits=LIMITS._replace(**limits)))


class TestLimits:
    def refused(self, root, main, **files):
        with pytest.raises(ReadError) as caught:
            read(root, main, **files)
        return caught.value

    def test_hold_the_number_of_files(self, root, monkeypatch):
        limit(monkeypatch, files=1)
        assert len(read(root, u'Include a\n', a=u'').files) == 2
        error = self.refused(root, u'Include a\nInclude b\n', b=u'')
        assert error.message == (
            root + '/httpd.conf line 2: the configuration is too large to be judged: '
            'more than 1 files are included.'
        )
        assert error.details == {'rule': 'config_too_large', 'path': root + '/httpd.conf'}

    def test_hold_the_length_of_all_texts(self, root, monkeypatch):
        limit(monkeypatch, text=30)
        assert (
            'the files hold more than 30 bytes'
            in self.refused(root, u'Include a\n', a=u'#' * 21).message
        )

    def test_hold_the_names_that_a_pattern_looks_at(self, root):
        for name in ('x', 'y'):
            os.symlink('.', os.path.join(root, name))
        assert (
            'Include patterns look at more than 100000 names'
            in self.refused(root, u'Include %s\n' % root).message
        )

    @pytest.mark.parametrize(
        'text',
        [
            u'Include a\nDefine X %s\n' % (u'a' * 60)
            + u'Define X ${X}${X}\n' * 40
            + u'Include ${X}\n',
            u'Include a\n'
            + u''.join(u'Define X%d a\nDefine X%d b\n' % (n, n) for n in range(400))
            + u'Include %s\n' % u''.join(u'${X%d}' % n for n in range(400)) * 100,
        ],
        ids=['values grow', 'many ways to fill a line'],
    )
    def test_hold_what_variables_make(self, root, text):
        message = self.refused(root, text, a=u'').message
        assert message.startswith(root + '/httpd.conf line ')
        assert 'make more than 524288 characters' in message

    def test_hold_the_depth_of_includes(self, root):
        files = dict(('f%d' % number, u'Include f%d\n' % (number + 1)) for number in range(1500))
        error = self.refused(root, u'Include f0\n', **files)
        assert error.message == (
            root + '/f126 line 1: the configuration is too large to be judged: '
            'includes, sections or macros are more than 128 deep within each other.'
        )

    def test_hold_the_time(self, root, monkeypatch):
        monkeypatch.setattr(config, 'read_text', lambda path: time.sleep(60))
        put(root, httpd_dot_conf=u'')
        begin = time.time()
        with pytest.raises(ReadError) as caught:
            config.read_tree(os.path.join(root, 'httpd.conf'), root, seconds=1)
        assert caught.value.message == (
            'The reading of %s/httpd.conf and the files that it includes was ended after 1 s.'
            % root
        )
        assert time.time() - begin < 10

    def test_do_not_keep_a_host_of_ten_thousand_files_from_being_read(self, root):
        os.mkdir(os.path.join(root, 'sites'))
        for number in range(10000):
            with open(os.path.join(root, 'sites', '%05d.conf' % number), 'w') as stream:
                stream.write('ServerName x\n')
        assert len(read(root, u'Include sites/*.conf\n').files) == 10001


class TestStrangersFiles:
    @pytest.fixture
    def ours(self, root, monkeypatch):
        """Everything but `theirs` is taken to be root's."""
        monkeypatch.setattr(config, 'only_root_changes', lambda path: not path.endswith('theirs'))
        return root

    def test_are_noted(self, ours):
        assert read(ours, u'Include a\nInclude theirs\n', a=u'', theirs=u'').foreign == frozenset(
            [ours + '/theirs']
        )
        assert read(ours, u'Include a\n', a=u'').foreign == frozenset()

    def test_may_make_less_of_themselves(self, ours):
        text = u'Define X a\n' + u'Include ${X}${X}${X}${X}\n' * 10000
        assert len(read(ours, text + u'Include a\nInclude theirs\n', a=u'', theirs=u'').files) == 3
        with pytest.raises(ReadError) as caught:
            read(ours, u'Include theirs\n', theirs=text)
        assert caught.value.details['path'] == ours + '/theirs'

    def test_are_not_read_where_root_alone_counts(self, ours):
        put(ours, httpd_dot_conf=u'Include theirs\n', theirs=u'Include a\n', a=u'')
        tree = config.read_tree(os.path.join(ours, 'httpd.conf'), ours, roots_alone=True)
        assert names(ours, sorted(tree.files)) == ['httpd.conf', 'theirs']
        with pytest.raises(ReadError) as caught:
            config.read_tree(os.path.join(ours, 'theirs'), ours, roots_alone=True)
        assert caught.value.message == ours + '/theirs can be changed by users other than root.'

    def test_that_nobody_fills_are_not_waited_for(self, root):
        os.mkfifo(os.path.join(root, 'pipe'))
        with pytest.raises(ReadError) as caught:
            read(root, u'Include pipe\n')
        assert caught.value.message == root + '/pipe is not a regular file.'


class TestResolveInclude:
    @pytest.fixture(autouse=True)
    def folders(self, root):
        put(
            root,
            d__b=u'',
            d__a_dot_conf=u'',
            d__B_dot_conf=u'',
            d___dot_hidden_dot_conf=u'',
            d__sub__z__y=u'',
            d__sub__x=u'',
            e__a_dot_conf=u'',
        )

    @pytest.mark.parametrize(
        'pattern, expected',
        [
            (u'd/a.conf', ['d/a.conf']),
            (u'd/none', []),
            (u'd/*.conf', ['d/B.conf', 'd/a.conf']),
            (u'*/a.conf', ['d/a.conf', 'e/a.conf']),
            (u'd', ['d/.hidden.conf', 'd/B.conf', 'd/a.conf', 'd/b', 'd/sub/x', 'd/sub/z/y']),
            (u'd/s*', ['d/sub/x', 'd/sub/z/y']),
            (u'd/../e/a.conf', ['d/../e/a.conf']),
            (u'd//a.conf', ['d/a.conf']),
            (u'none/*', []),
            (u'd/a.conf/*', []),
        ],
        ids=repr,
    )
    def test_gives_the_files_in_the_order_of_httpd(self, root, pattern, expected):
        assert [path[len(root) + 1 :] for path in config.resolve_include(pattern, root)] == expected

    def test_takes_an_absolute_path(self, root):
        assert config.resolve_include(u'%s/d/b' % root, '/etc/httpd') == [root + '/d/b']

    def test_ends_in_folders_that_lead_back(self, root):
        os.symlink('..', os.path.join(root, 'e', 'up'))
        assert len(config.resolve_include(u'e', root)) < 2000
