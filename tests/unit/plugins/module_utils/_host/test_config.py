# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest

from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._host import config


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
        tree = read(root, u'# c\nInclude conf.d/*.conf\n', conf_dot_d__b_dot_conf=u'B\n', conf_dot_d__a_dot_conf=u'A\r\n', conf_dot_d__c=u'C\n')
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
        tree = read(root, u'<IfModule no>\n<IfDefine NO>\nINCLUDE "a"\n</IfDefine>\n</IfModule>\n', a=u'A\n')
        assert names(root, sorted(tree.files)) == ['a', 'httpd.conf']

    def test_leaves_comments_alone(self, root):
        assert names(root, read(root, u'#Include a\n# c \\\nInclude a\n', a=u'').files) == ['httpd.conf']

    def test_goes_by_the_server_root(self, root):
        put(root, other__a=u'A\n')
        tree = read(root, u'ServerRoot "%s/other/"\nInclude a\n' % root)
        assert tree.root == root + '/other'
        assert names(root, sorted(tree.files)) == ['httpd.conf', 'other/a']
        tree = read(root, u'Define WHERE "%s"\nServerRoot ${WHERE}/conf/../other\nInclude a\n' % root)
        assert (tree.root, names(root, sorted(tree.files))) == (root + '/other', ['httpd.conf', 'other/a'])

    def test_knows_variables_where_they_are_used(self, root):
        tree = read(root, u'Include defs\nInclude ${HERE}/a\nDefine HERE elsewhere\n', defs=u'Define UP x\nDefine HERE "${UP} y"\n', **{'x y__a': u''})
        assert tree.includes[(tree.main, 2)] == []
        tree = read(root, u'Include defs\nInclude "${HERE}/a"\n')
        assert names(root, tree.includes[(tree.main, 2)]) == ['x y/a']

    def test_reads_what_any_value_of_a_variable_names(self, root):
        files = dict(one__a=u'', two__b=u'', two__a=u'', three__a=u'')
        text = u'Define X one\n<IfModule prefork.c>\nDefine X two\n</IfModule>\nInclude ${x}/*\n'
        assert names(root, read(root, text, **files).includes[(root + '/httpd.conf', 5)]) == ['one/a', 'two/a', 'two/b']
        put(root, httpd_dot_conf=text)
        tree = config.read_tree(os.path.join(root, 'httpd.conf'), root, {u'x': u'three', u'X': u'four'})
        assert names(root, tree.includes[(tree.main, 5)]) == ['one/a', 'three/a', 'two/a', 'two/b']

    def test_reads_a_file_again_for_a_later_value(self, root):
        text = u'Define X one\nInclude template\nDefine X two\nDefine Y ${X}\nInclude template\n'
        tree = read(root, text, template=u'Include sites/${X}\n<IfFile ! "${Y}">\n</IfFile>\n', sites__one=u'', sites__two=u'', two=u'')
        assert names(root, tree.includes[(root + '/template', 1)]) == ['sites/one', 'sites/two']
        assert tree.present == frozenset([root + '/two'])

    def test_ends_where_a_variable_grows(self, root):
        text = u'Define X a\nInclude ${X}\nDefine X ${X}a\nDefine Y ${X}${Y}\nInclude ${X}${Y}\n'
        assert names(root, sorted(read(root, text, a=u'', aa=u'').files)) == ['a', 'aa', 'httpd.conf']

    def test_ends_where_files_include_each_other(self, root):
        tree = read(root, u'Include a\nInclude a\n', a=u'Include httpd.conf\nInclude a\n')
        assert names(root, sorted(tree.files)) == ['a', 'httpd.conf']

    def test_takes_a_missing_file_and_the_null_device_for_empty(self, root):
        os.symlink('nowhere', os.path.join(root, 'a'))
        tree = read(root, u'Include a\nInclude b\nInclude /dev/null\nInclude ""\n')
        assert dict((os.path.relpath(path, root), text) for path, text in tree.files.items() if path != tree.main) == {
            'a': u'', os.path.relpath('/dev/null', root): u''}
        assert tree.includes[(tree.main, 4)] == []

    def test_sees_which_files_are_asked_for(self, root):
        tree = read(root, u'Define A a\n<IfFile ${A}>\n</IfFile>\n<IfFile !b>\n</IfFile>\n<IfFile "/etc/passwd">\n</IfFile>\n', a=u'')
        assert tree.present == frozenset([os.path.join(root, 'a'), '/etc/passwd'])

    @pytest.mark.parametrize('name', [b'caf\xc3\xa9', b'voil\xc3\xa0', b'\xff'], ids=repr)
    def test_finds_files_of_any_name(self, root, name):
        folder = os.path.join(root.encode('ascii'), name)
        os.mkdir(folder)
        open(os.path.join(folder, name + b'.conf'), 'wb').close()
        tree = read(root, u'Include %s/*.conf\nInclude %s/*.conf\n' % (name.decode('latin-1'), name[:-1].decode('latin-1') + u'*'))
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

    def test_reads_so_many_files_and_no_more(self, root, monkeypatch):
        monkeypatch.setattr(config, 'MAX_FILES', 2)
        assert len(read(root, u'Include a\n', a=u'').files) == 2
        with pytest.raises(ReadError):
            read(root, u'Include a\nInclude b\n', b=u'')


class TestResolveInclude:
    @pytest.fixture(autouse=True)
    def folders(self, root):
        put(root, d__b=u'', d__a_dot_conf=u'', d__B_dot_conf=u'', d___dot_hidden_dot_conf=u'', d__sub__z__y=u'', d__sub__x=u'', e__a_dot_conf=u'')

    @pytest.mark.parametrize('pattern, expected', [
        (u'd/a.conf', ['d/a.conf']), (u'd/none', []), (u'd/*.conf', ['d/B.conf', 'd/a.conf']), (u'*/a.conf', ['d/a.conf', 'e/a.conf']),
        (u'd', ['d/.hidden.conf', 'd/B.conf', 'd/a.conf', 'd/b', 'd/sub/x', 'd/sub/z/y']), (u'd/s*', ['d/sub/x', 'd/sub/z/y']),
        (u'd/../e/a.conf', ['d/../e/a.conf']), (u'd//a.conf', ['d/a.conf']), (u'none/*', []), (u'd/a.conf/*', [])], ids=repr)
    def test_gives_the_files_in_the_order_of_httpd(self, root, pattern, expected):
        assert [path[len(root) + 1:] for path in config.resolve_include(pattern, root)] == expected

    def test_takes_an_absolute_path(self, root):
        assert config.resolve_include(u'%s/d/b' % root, '/etc/httpd') == [root + '/d/b']

    def test_ends_in_folders_that_lead_back(self, root):
        os.symlink('..', os.path.join(root, 'e', 'up'))
        assert len(config.resolve_include(u'e', root)) < 2000
