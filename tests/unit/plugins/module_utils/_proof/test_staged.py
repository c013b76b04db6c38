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
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command

# Reads what -f names and every Include in it, prints what it has read, and fails at a line `Wrong` as httpd does.
PROGRAM = '''#!%s
import glob, os, sys
def read(path):
    for number, line in enumerate(open(path).read().splitlines(), 1):
        words = line.split(None, 1)
        if words and words[0] == 'Include':
            for found in sorted(glob.glob(os.path.join(os.path.dirname(sys.argv[0]), words[1].strip('"')))):
                read(found)
        elif words and words[0] == 'Wrong':
            sys.stderr.write('Syntax error on line %%d of %%s:\\nInvalid command\\n' %% (number, path))
            sys.exit(1)
        elif words:
            sys.stdout.write(line + '\\n')
sys.stdout.write('-- %%s\\n' %% ' '.join(word for word in sys.argv[1:] if not word.startswith('/proc')))
read(sys.argv[sys.argv.index('-f') + 1] if '-f' in sys.argv else sys.argv[0] + '.conf')
'''


def tree_of(includes, main='a', **texts):
    """A tree from {(file, line): [files]}; texts of files that have one."""
    files = dict((name, u'') for name in [main] + [name for names in includes.values() for name in names] + [name for name, _line in includes])
    files.update(texts)
    return model.ConfigTree(main, '/', files, includes, frozenset())


class TestStagingOrder:
    @pytest.mark.parametrize('includes, changed, order', [
        ({}, ['a'], ['a']),
        ({('a', 1): ['b', 'c']}, ['c'], ['c', 'a']),
        ({('a', 1): ['b', 'c']}, ['a'], ['a']),
        ({('a', 1): ['b'], ('b', 1): ['c'], ('c', 1): ['d']}, ['d'], ['d', 'c', 'b', 'a']),
        ({('a', 1): ['b', 'c'], ('b', 1): ['d'], ('c', 1): ['d']}, ['d'], ['d', 'b', 'c', 'a']),
        ({('a', 1): ['c'], ('a', 2): ['b'], ('b', 1): ['c']}, ['b', 'c'], ['c', 'b', 'a']),
        ({('a', 1): ['b'], ('b', 1): ['a']}, ['b'], ['b', 'a']),
        ({('a', 1): ['b'], ('b', 1): ['b']}, ['b'], ['b', 'a']),
        ({('a', 1): ['b']}, ['unreachable'], ['a']),
    ], ids=['main', 'one below', 'main alone', 'a chain', 'a diamond', 'both ways', 'a loop', 'itself', 'nowhere'])
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

    @pytest.mark.parametrize('text, included, expected, lists', [
        (u'Include b\n', {1: ['b']}, u'Include "/new/b"\n', []),
        (u'x\r\n  Include b\r\ny', {2: ['b']}, u'x\r\nInclude "/new/b"\r\ny', []),
        (u'Include c\n', {1: ['c']}, u'Include c\n', []),
        (u'Include d/*\nListen 80\n', {1: ['b', 'c']}, u'Include "/list/1"\nListen 80\n', [('a', u'Include "/new/b"\nInclude "c"\n')]),
        (u'#Include b\n', {}, u'#Include b\n', []),
        (u'Include \\\n  b\nListen 80\n', {1: ['b']}, u'Include "/new/b"\n\nListen 80\n', []),
        (u'IncludeOptional b\nInclude b\n', {1: ['b'], 2: ['b']}, u'Include "/new/b"\nInclude "/new/b"\n', []),
        (u'Include none/*\n', {1: []}, u'Include none/*\n', []),
    ], ids=['one', 'ends stay', 'another file', 'a pattern', 'a comment', 'over two lines', 'twice', 'nothing'])
    def test_leads_to_the_new_text_and_keeps_every_line_where_it_is(self, text, included, expected, lists):
        assert self.redirect(text, included, {'b': '/new/b'}) == (expected, lists)


class TestTryStaged:
    @pytest.fixture
    def place(self, tmpdir):
        """A program and a tree on the disk: main includes x.conf and, by a pattern, d/1 and d/2."""
        program, base = tmpdir.join('httpd'), str(tmpdir)
        program.write(PROGRAM % sys.executable)
        program.chmod(0o755)
        texts = {'main': u'one\nInclude "x.conf"\nInclude d/*\nlast\n', 'x.conf': u'x\n', '1': u'first\n', '2': u'second\n'}
        paths = dict((name, os.path.join(base, 'd' if name.isdigit() else '', name)) for name in texts)
        tmpdir.mkdir('d')
        for name in texts:
            with open(paths[name], 'w') as stream:
                stream.write(texts[name])
        tmpdir.join('httpd.conf').write('from the disk\n')
        return str(program), paths, model.ConfigTree(
            paths['main'], base, dict((paths[name], texts[name]) for name in texts),
            {(paths['main'], 2): [paths['x.conf']], (paths['main'], 3): [paths['1'], paths['2']]}, frozenset())

    @staticmethod
    def changed(place, **texts):
        program, paths, tree = place
        files = dict(tree.files, **dict((paths[name], text) for name, text in texts.items()))
        return staged.try_staged(run_command, program, ['-D', 'X'], tree._replace(files=files), [paths[name] for name in texts])

    def test_without_changes_the_disk_is_tested_as_it_is(self, place):
        program, _paths, tree = place
        result = staged.try_staged(run_command, program, ['-D', 'X'], tree, [])
        assert result.argv == [program, '-D', 'X', '-t']
        assert result.out == u'-- -D X -t\nfrom the disk\n'

    @pytest.mark.parametrize('texts, seen', [
        ({'main': u'changed\n'}, u'changed\n'),
        ({'1': u'FIRST\n'}, None), ({'2': u'SECOND'}, None), ({'1': u'FIRST\n', '2': u'SECOND\n'}, None)])
    def test_the_program_sees_the_changed_text_and_the_rest_as_it_is(self, place, texts, seen):
        result = self.changed(place, **texts)
        if seen is None:
            seen = u'one\nx\n%s\n%s\nlast\n' % (texts.get('1', u'first').strip(), texts.get('2', u'second').strip())
        assert (result.rc, result.out) == (0, u'-- -D X -t -f\n' + seen)

    def test_every_byte_reaches_the_program(self, place):
        path = place[1]['main']
        tree = place[2]._replace(files=dict(place[2].files, **{path: u'\xe9\xff\r\n'}), includes={})
        seen = []

        def run(argv, keep_fds):
            seen.append(run_command(['/bin/cat', argv[-1]], keep_fds=keep_fds).out)
            return model.CommandResult(argv, 0, u'', u'')

        staged.try_staged(run, '/usr/sbin/httpd', [], tree, [path])
        assert seen == [u'\xe9\xff\r\n']

    @pytest.mark.parametrize('name, text, line', [
        ('main', u'one\nInclude "x.conf"\nInclude d/*\nWrong\n', 4), ('x.conf', u'x\n\nWrong\n', 3), ('1', u'Wrong\n', 1)])
    def test_messages_name_the_real_file_and_the_real_line(self, place, name, text, line):
        result = self.changed(place, **{name: text})
        assert result.rc == 1
        assert result.err.startswith(u'Syntax error on line %d of %s:' % (line, place[1][name]))

    def test_a_line_behind_a_pattern_of_changed_files_keeps_its_number(self, place):
        result = self.changed(place, **{'1': u'FIRST\n', '2': u'SECOND\n', 'main': u'one\nInclude "x.conf"\nInclude d/*\n\nWrong\n'})
        assert result.err.startswith(u'Syntax error on line 5 of %s:' % place[1]['main'])

    def test_nothing_is_left_open_or_on_the_disk(self, place, tmpdir):
        before = (sorted(os.listdir(str(tmpdir))), len(os.listdir('/proc/self/fd')))
        self.changed(place, **{'1': u'FIRST\n', 'main': u'Wrong\nInclude d/*\n'})

        def run(argv, keep_fds):
            raise KeyboardInterrupt()

        with pytest.raises(KeyboardInterrupt):
            staged.try_staged(run, '/bin/true', [], place[2], [place[1]['1']])
        assert (sorted(os.listdir(str(tmpdir))), len(os.listdir('/proc/self/fd'))) == before

    def test_a_short_number_is_not_taken_for_a_longer_one(self, place):
        def run(argv, keep_fds):
            return model.CommandResult(argv, 1, u'', u' '.join('/proc/self/fd/%d' % number for number in sorted(keep_fds)))

        opened = [open(os.devnull) for _number in range(12)]
        try:
            # Descriptor 1 and 10 and more are open now; so are some that this closes in the middle.
            opened.pop(2).close()
            result = staged.try_staged(run, '/bin/true', [], place[2], [place[1]['1'], place[1]['x.conf']])
        finally:
            for stream in opened:
                stream.close()
        assert sorted(set(result.err.split(u' '))) == sorted([place[1]['main'], place[1]['1'], place[1]['x.conf']])
