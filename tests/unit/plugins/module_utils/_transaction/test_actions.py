# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import stat

import pytest

from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import Step
from ansible_collections.webops.apache.plugins.module_utils._transaction import actions, engine, files
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context


def context_of(*staged):
    return Context(None, list(staged))


@pytest.fixture
def path(tmpdir):
    tmpdir.join('httpd').write_binary(b'#HTTPD=\xe9\n')
    return str(tmpdir.join('httpd'))


def swap(path, number=0):
    args = {'path': path, 'staged': number}
    return Step('swap', 'write_file', args, 'restore_file', args, '')


class TestWriteStaged:
    def test_replaces_the_text_byte_for_byte(self, path):
        context = context_of((u'#HTTPD=\xe9\n', u'HTTPD=\xe9\n'))
        actions.write_staged(swap(path).args, context)
        with open(path, 'rb') as stream:
            assert stream.read() == b'HTTPD=\xe9\n'
        assert context.snapshots[path].content == b'#HTTPD=\xe9\n'

    @pytest.mark.parametrize('before', [u'#HTTPD=\xe8\n', u'', None], ids=['another text', 'an empty file', 'no file'])
    def test_a_file_that_another_hand_changed_is_left_alone(self, path, before):
        context = context_of((before, u'new'))
        with pytest.raises(StepError) as caught:
            actions.write_staged(swap(path).args, context)
        assert 'another hand' in caught.value.message
        actions.restore(swap(path).args, context)
        with open(path, 'rb') as stream:
            assert stream.read() == b'#HTTPD=\xe9\n'

    def test_a_file_that_has_gone_since_is_not_made_again(self, path):
        os.unlink(path)
        with pytest.raises(StepError):
            actions.write_staged(swap(path).args, context_of((u'#HTTPD=\xe9\n', u'new')))
        assert not os.path.exists(path)

    def test_a_file_that_was_not_there_is_made_and_goes_away_again(self, path):
        os.unlink(path)
        context = context_of((None, u'new'))
        actions.write_staged(swap(path).args, context)
        assert os.path.exists(path)
        actions.restore(swap(path).args, context)
        assert not os.path.exists(path)

    def test_a_link_is_refused(self, path):
        os.symlink(path, path + '.link')
        with pytest.raises(StepError):
            actions.write_staged(swap(path + '.link').args, context_of((u'#HTTPD=\xe9\n', u'new')))
        assert os.path.islink(path + '.link')


class TestRestore:
    def test_a_file_that_was_never_reached_is_as_it_was(self, path):
        before = files.take_snapshot(path)
        actions.restore(swap(path).args, context_of((u'', u'')))
        assert files.take_snapshot(path) == before

    def test_takes_back_what_the_engine_did(self, tmpdir, monkeypatch):
        texts = [(u'one', u'ONE'), (None, u'TWO'), (u'three', u'THREE')]
        paths = [str(tmpdir.join(name)) for name in ('1', '2', '3')]
        for place, (before, _after) in zip(paths, texts):
            if before is not None:
                with open(place, 'w') as stream:
                    stream.write(before)
        snapshots = [files.take_snapshot(place) for place in paths]
        done = engine.execute([swap(place, number) for number, place in enumerate(paths)] + [Step('prove', 'fail', {}, None, {}, '')],
                              dict(actions.ACTIONS, fail=self._fail), context_of(*texts))
        assert done.failed.name == 'prove' and done.undo_errors == []
        assert [files.take_snapshot(place) for place in paths] == snapshots

    @pytest.mark.parametrize('at', [1, 2, 3])
    def test_a_rename_that_fails_in_the_middle_leaves_every_file_as_it_was(self, tmpdir, monkeypatch, at):
        paths = [str(tmpdir.join(name)) for name in ('1', '2', '3')]
        for place in paths:
            with open(place, 'w') as stream:
                stream.write('old')
        snapshots, calls, real = [files.take_snapshot(place) for place in paths], [], os.rename

        def rename(*args):
            calls.append(args)
            if len(calls) == at:
                raise KeyboardInterrupt()
            real(*args)

        monkeypatch.setattr(files.os, 'rename', rename)
        done = engine.execute([swap(place, number) for number, place in enumerate(paths)], actions.ACTIONS,
                              context_of(*[(u'old', u'new')] * 3))
        monkeypatch.undo()
        assert isinstance(done.error, KeyboardInterrupt) and done.undo_errors == []
        assert [files.take_snapshot(place) for place in paths] == snapshots
        assert sorted(os.listdir(str(tmpdir))) == ['1', '2', '3']

    @staticmethod
    def _fail(_args, _context):
        raise StepError('no')


class TestWritePage:
    def test_makes_a_page_that_the_server_can_read_and_its_inverse_takes_it_away(self, tmpdir):
        page, context = str(tmpdir.join('page.php')), context_of()
        actions.write_page({'path': page, 'content': '<?php ?>\n'}, context)
        assert stat.S_IMODE(os.stat(page).st_mode) == 0o644
        actions.restore({'path': page}, context)
        assert not os.path.exists(page)

    def test_a_page_of_somebody_else_is_neither_replaced_nor_removed(self, path):
        context = context_of()
        with pytest.raises(StepError):
            actions.write_page({'path': path, 'content': 'x'}, context)
        actions.restore({'path': path}, context)
        with open(path, 'rb') as stream:
            assert stream.read() == b'#HTTPD=\xe9\n'


class TestRemove:
    def test_removes_a_file(self, path):
        actions.remove({'path': path}, context_of())
        assert not os.path.exists(path)
