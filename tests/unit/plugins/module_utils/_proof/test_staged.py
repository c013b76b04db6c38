# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import sys

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._proof import staged
from ansible_collections.webops.apache.plugins.module_utils._syntax.trees import (
    with_file,
    without_file,
)
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command

# Reads what -f names and every Include in it, prints what it has read, and fails at a line `Wrong`
# as httpd does.
PROGRAM = """#!%s
import glob, os, sys
def read(path):
    for number, line in enumerate(open(path).read().splitlines(), 1):
        words = line.split(None, 1)
        if words and words[0] == 'Include':
            folder = os.path.dirname(sys.argv[0])
            for found in sorted(glob.glob(os.path.join(folder, words[1].strip('"')))):
                read(found)
        elif words and words[0] == 'Wrong':
            said = 'Syntax error on line %%d of %%s:\\nInvalid command\\n'
            sys.stderr.write(said %% (number, path))
            sys.exit(1)
        elif words:
            sys.stdout.write(line + '\\n')
words = [word for word in sys.argv[1:] if not word.startswith('/proc')]
sys.stdout.write('-- %%s\\n' %% ' '.join(words))
read(sys.argv[sys.argv.index('-f') + 1] if '-f' in sys.argv else sys.argv[0] + '.conf')
"""


def tree_of(includes, main='a', **texts):
    """A tree from {(file, line): [files]}; texts of files that have one."""
    files = dict(
        (name, u'')
        for name in [main]
        + [name for names in includes.values() for name in names]
        + [name for name, _line in includes]
    )
    files.update(texts)
    return model.ConfigTree(main, '/', files, includes, frozenset())


class TestStagingOrder:
    @pytest.mark.parametrize(
        'includes, changed, order',
        [
            ({}, ['a'], ['a']),
            ({('a', 1): ['b', 'c']}, ['c'], ['c', 'a']),
            ({('a', 1): ['b', 'c']}, ['a'], ['a']),
            ({('a', 1): ['b'], ('b', 1): ['c'], ('c', 1): ['d']}, ['d'], ['d', 'c', 'b', 'a']),
            ({('a', 1): ['b', 'c'], ('b', 1): ['d'], ('c', 1): ['d']}, ['d'], ['d', 'b', 'c', 'a']),
            ({('a', 1): ['c'], ('a', 2): ['b'], ('b', 1): ['c']}, ['b', 'c'], ['c', 'b', 'a']),
            ({('a', 1): ['b'], ('b', 1): ['a']}, ['b'], ['b', 'a']),
            ({('a', 1): ['b'], ('b', 1): ['b']}, ['b'], ['b', 'a']),
            ({('a', 1): ['b']}, ['unreachable'], ['a']),
        ],
        ids=[
            'main',
            'one below',
            'main alone',
            'a chain',
            'a diamond',
            'both ways',
            'a loop',
            'itself',
            'nowhere',
        ],
    )
    def test_the_included_come_first_and_the_main_file_last(self, includes, changed, order):
        assert staged.staging_order(tree_of(includes), changed) == order


class TestRedirectIncludes:
    @staticmethod
    def redirect(text, included, names):
        """(the text, the lists that were made for it)"""
        lists = []

        def stage(path, content):
            lists.append((path, content))
            return '/list/%d' % len(lists)

        tree = tree_of(dict((('a', line), files) for line, files in included.items()), a=text)
        return staged.redirect_includes(tree, 'a', names, stage), lists

    @pytest.mark.parametrize(
        'text, included, expected, lists',
        [
            (u'Include b\n', {1: ['b']}, u'Include "/new/b"\n', []),
            (u'x\r\n  Include b\r\ny', {2: ['b']}, u'x\r\nInclude "/new/b"\r\ny', []),
            (u'Include c\n', {1: ['c']}, u'Include c\n', []),
            (
                u'Include d/*\nListen 80\n',
                {1: ['b', 'c']},
                u'Include "/list/1"\nListen 80\n',
                [('a', u'Include "/new/b"\nInclude "c"\n')],
            ),
            (u'#Include b\n', {}, u'#Include b\n', []),
            (u'Include \\\n  b\nListen 80\n', {1: ['b']}, u'Include "/new/b"\n\nListen 80\n', []),
            (
                u'IncludeOptional b\nInclude b\n',
                {1: ['b'], 2: ['b']},
                u'Include "/new/b"\nInclude "/new/b"\n',
                [],
            ),
            (u'Include none/*\n', {1: []}, u'Include none/*\n', []),
            (
                u'IncludeOptional d/*\n',
                {1: ['b', 'dangles']},
                u'Include "/list/1"\n',
                [('a', u'Include "/new/b"\nIncludeOptional "dangles"\n')],
            ),
        ],
        ids=[
            'one',
            'ends stay',
            'another file',
            'a pattern',
            'a comment',
            'over two lines',
            'twice',
            'nothing',
            'a link that leads nowhere',
        ],
    )
    def test_leads_to_the_new_text_and_keeps_every_line_where_it_is(
        self, text, included, expected, lists
    ):
        assert self.redirect(text, included, {'b': '/new/b'}) == (expected, lists)


class TestRegroupedIncludes:
    @pytest.mark.parametrize(
        'before, now, found',
        [
            ({}, {}, []),
            ({('a', 1): ['b']}, {('a', 1): ['b']}, []),
            ({('a', 1): ['b']}, {('a', 4): ['b']}, []),
            ({('a', 1): ['b']}, {('a', 1): ['b', 'c']}, [('a', 1)]),
            ({('a', 1): ['b', 'c']}, {('a', 3): ['c']}, [('a', 3)]),
            (
                {('a', 1): ['b'], ('a', 2): ['c']},
                {('a', 2): ['b'], ('a', 9): ['c', 'd']},
                [('a', 9)],
            ),
            ({('a', 1): ['b'], ('b', 1): []}, {('a', 1): ['b'], ('b', 1): ['c']}, [('b', 1)]),
            ({('a', 1): ['b']}, {('a', 1): ['b', 'c'], ('c', 1): ['d']}, [('a', 1)]),
            ({('a', 1): ['b'], ('b', 1): ['c']}, {('a', 1): []}, [('a', 1)]),
        ],
        ids=[
            'none',
            'the same',
            'moved',
            'one more',
            'one less and moved',
            'the second',
            'further down',
            'a new file',
            'a file gone',
        ],
    )
    def test_are_those_that_take_in_other_files(self, before, now, found):
        assert staged.regrouped_includes(tree_of(before), tree_of(now)) == found


class TestTryStaged:
    @pytest.fixture
    def place(self, tmpdir):
        """A program and a tree on the disk: main includes x.conf and, by a pattern, d/1 and d/2."""
        program, base = tmpdir.join('httpd'), str(tmpdir)
        program.write(PROGRAM % sys.executable)
        program.chmod(0o755)
        texts = {
            'main': u'one\nInclude "x.conf"\nInclude d/*\nlast\n',
            'x.conf': u'x\n',
            '1': u'first\n',
            '2': u'second\n',
        }
        paths = dict(
            (name, os.path.join(base, 'd' if name.isdigit() else '', name)) for name in texts
        )
        tmpdir.mkdir('d')
        for name in texts:
            with open(paths[name], 'w') as stream:
                stream.write(texts[name])
        tmpdir.join('httpd.conf').write('from the disk\n')
        return (
            str(program),
            paths,
            model.ConfigTree(
                paths['main'],
                base,
                dict((paths[name], texts[name]) for name in texts),
                {
                    (paths['main'], 2): [paths['x.conf']],
                    (paths['main'], 3): [paths['1'], paths['2']],
                },
                frozenset(),
            ),
        )

    @staticmethod
    def tree_with(place, **texts):
        _program, paths, tree = place
        return tree._replace(
            files=dict(tree.files, **dict((paths[name], text) for name, text in texts.items()))
        )

    def changed(self, place, **texts):
        program, _paths, tree = place
        return staged.try_staged(
            run_command, [program], ['-D', 'X'], tree, self.tree_with(place, **texts)
        )

    def test_without_changes_the_disk_is_tested_as_it_is(self, place):
        program, _paths, tree = place
        result = staged.try_staged(run_command, [program], ['-D', 'X'], tree, tree)
        assert result.argv == [program, '-D', 'X', '-t']
        assert result.out == u'-- -D X -t\nfrom the disk\n'

    @pytest.mark.parametrize(
        'texts, seen',
        [
            ({'main': u'changed\n'}, u'changed\n'),
            ({'1': u'FIRST\n'}, None),
            ({'2': u'SECOND'}, None),
            ({'1': u'FIRST\n', '2': u'SECOND\n'}, None),
        ],
    )
    def test_the_program_sees_the_changed_text_and_the_rest_as_it_is(self, place, texts, seen):
        result = self.changed(place, **texts)
        if seen is None:
            seen = u'one\nx\n%s\n%s\nlast\n' % (
                texts.get('1', u'first').strip(),
                texts.get('2', u'second').strip(),
            )
        assert (result.rc, result.out) == (0, u'-- -D X -t -f\n' + seen)

    def test_every_byte_reaches_the_program(self, place):
        path = place[1]['main']
        before = place[2]._replace(includes={})
        tree = before._replace(files=dict(before.files, **{path: u'\xe9\xff\r\n'}))
        seen = []

        def run(argv, keep_fds):
            seen.append(run_command(['/bin/cat', argv[-1]], keep_fds=keep_fds).out)
            return model.CommandResult(argv, 0, u'', u'')

        staged.try_staged(run, ['/usr/sbin/httpd'], [], before, tree)
        assert seen == [u'\xe9\xff\r\n']

    @pytest.mark.parametrize(
        'path, target', [('d/3', None), ('d/10', None), ('d/3', '../elsewhere')]
    )
    def test_the_program_sees_a_file_that_is_added(self, place, path, target):
        program, _paths, tree = place
        tree_then = with_file(tree, os.path.join(tree.root, path), u'added\n', target)
        result = staged.try_staged(run_command, [program], [], tree, tree_then)
        middle = (
            [u'first', u'added', u'second'] if path == 'd/10' else [u'first', u'second', u'added']
        )
        assert (result.rc, result.out.split(u'\n')[1:-1]) == (
            0,
            [u'one', u'x'] + middle + [u'last'],
        )

    @pytest.mark.parametrize(
        'names, middle', [(['1'], [u'second']), (['2'], [u'first']), (['1', '2'], [])]
    )
    def test_the_program_does_not_see_a_file_that_is_removed(self, place, names, middle):
        program, paths, tree = place
        tree_then = tree
        for name in names:
            tree_then = without_file(tree_then, paths[name])
        result = staged.try_staged(run_command, [program], [], tree, tree_then)
        assert (result.rc, result.out.split(u'\n')[1:-1]) == (
            0,
            [u'one', u'x'] + middle + [u'last'],
        )

    def test_one_file_may_come_and_another_go_and_a_third_change(self, place):
        program, paths, tree = place
        tree_then = with_file(
            without_file(self.tree_with(place, **{'x.conf': u'X\n'}), paths['1']),
            os.path.join(tree.root, 'd/0'),
            u'added\n',
        )
        result = staged.try_staged(run_command, [program], [], tree, tree_then)
        assert (result.rc, result.out.split(u'\n')[1:-1]) == (
            0,
            [u'one', u'X', u'added', u'second', u'last'],
        )

    def test_a_message_about_an_added_file_names_it(self, place):
        program, _paths, tree = place
        path = os.path.join(tree.root, 'd/3')
        result = staged.try_staged(
            run_command, [program], [], tree, with_file(tree, path, u'fine\nWrong\n')
        )
        assert (result.rc, result.err.split(u'\n')[0]) == (
            1,
            u'Syntax error on line 2 of %s:' % path,
        )

    @pytest.mark.parametrize(
        'name, text, line',
        [
            ('main', u'one\nInclude "x.conf"\nInclude d/*\nWrong\n', 4),
            ('x.conf', u'x\n\nWrong\n', 3),
            ('1', u'Wrong\n', 1),
        ],
    )
    def test_messages_name_the_real_file_and_the_real_line(self, place, name, text, line):
        result = self.changed(place, **{name: text})
        assert result.rc == 1
        assert result.err.startswith(u'Syntax error on line %d of %s:' % (line, place[1][name]))

    def test_a_line_behind_a_pattern_of_changed_files_keeps_its_number(self, place):
        result = self.changed(
            place,
            **{
                '1': u'FIRST\n',
                '2': u'SECOND\n',
                'main': u'one\nInclude "x.conf"\nInclude d/*\n\nWrong\n',
            }
        )
        assert result.err.startswith(u'Syntax error on line 5 of %s:' % place[1]['main'])

    def test_nothing_is_left_open_or_on_the_disk(self, place, tmpdir):
        before = (sorted(os.listdir(str(tmpdir))), len(os.listdir('/proc/self/fd')))
        self.changed(place, **{'1': u'FIRST\n', 'main': u'Wrong\nInclude d/*\n'})

        def run(argv, keep_fds):
            raise KeyboardInterrupt()

        with pytest.raises(KeyboardInterrupt):
            staged.try_staged(
                run, ['/bin/true'], [], place[2], self.tree_with(place, **{'1': u'FIRST\n'})
            )
        assert (sorted(os.listdir(str(tmpdir))), len(os.listdir('/proc/self/fd'))) == before

    def test_a_short_number_is_not_taken_for_a_longer_one(self, place):
        def run(argv, keep_fds):
            return model.CommandResult(
                argv, 1, u'', u' '.join('/proc/self/fd/%d' % number for number in sorted(keep_fds))
            )

        opened = [open(os.devnull) for _number in range(12)]
        try:
            # Descriptor 1 and 10 and more are open now; so are some that this closes in the middle.
            opened.pop(2).close()
            result = staged.try_staged(
                run,
                ['/bin/true'],
                [],
                place[2],
                self.tree_with(place, **{'1': u'FIRST\n', 'x.conf': u'X\n'}),
            )
        finally:
            for stream in opened:
                stream.close()
        assert sorted(set(result.err.split(u' '))) == sorted(
            [place[1]['main'], place[1]['1'], place[1]['x.conf']]
        )
