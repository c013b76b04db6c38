# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import stat

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    NOTHING,
    PageOrder,
    StageOrder,
    SwapOrder,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction import (
    actions,
    files,
    staging,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._transaction import (
    staged_host,
)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root can give files away')


@pytest.fixture
def host(tmpdir):
    return staged_host.Host(tmpdir)


class TestStageFiles:
    def test_changes_nothing_but_lays_both_ways_ready(self, host):
        host.stage()
        assert host.snapshots() == host.before
        for number, (before, after, _like) in enumerate(host.texts):
            meta = host.context.metas[number]
            ready = files.take_snapshot(meta['new'])
            assert ready.content == after.encode('latin-1')
            if before is None:
                assert meta['old'] is None
            else:
                assert files.take_snapshot(meta['old']) == host.before[number]
                assert ready._replace(content=b'') == host.before[number]._replace(content=b'')

    def test_the_journal_has_it_before_the_disk(self, host):
        seen = []

        class Book(object):
            @staticmethod
            def keep(number, meta):
                seen.append((number, meta, os.path.lexists(meta['new']), len(host.left())))

        host.context.journal = Book()
        host.stage()
        assert [(number, there, left) for number, _meta, there, left in seen] == [
            (0, False, 0),
            (1, False, 2),
            (2, False, 3),
        ]
        assert dict((number, meta) for number, meta, _there, _left in seen) == host.context.metas

    @pytest.mark.parametrize(
        'content', [b'by another hand', b'', None], ids=['another text', 'an empty file', 'no file']
    )
    def test_a_file_that_another_hand_changed_since_it_was_read_is_left_alone(self, host, content):
        if content is None:
            os.unlink(host.paths[2])
        else:
            host.write(host.paths[2], content)
        now = host.snapshots()
        done = host.run()
        assert done.failed.name == 'stage' and 'something else' in done.error.message
        assert done.undo_errors == []
        assert (host.snapshots(), host.left(), host.context.warnings) == (now, [], [])

    def test_a_file_that_somebody_made_since_is_left_alone(self, host):
        host.write(host.paths[1], b'by another hand')
        now = host.snapshots()
        done = host.run()
        assert done.failed.name == 'stage' and done.undo_errors == []
        assert (host.snapshots(), host.left()) == (now, [])

    def test_a_link_is_refused(self, host):
        os.rename(host.paths[0], os.path.join(host.etc, 'elsewhere'))
        os.symlink('elsewhere', host.paths[0])
        done = host.run()
        assert done.failed.name == 'stage' and done.undo_errors == []
        assert os.readlink(host.paths[0]) == 'elsewhere' and host.left() == ['elsewhere']


class TestDemandUnchanged:
    def test_is_content_with_what_was_staged(self, host):
        host.stage()
        actions.demand_unchanged(NOTHING, host.context)

    @pytest.mark.parametrize('number', range(3))
    def test_a_change_after_staging_is_found_before_the_outage_and_stays(self, host, number):
        host.stage()
        host.write(host.paths[number], b'by another hand')
        with pytest.raises(StepError) as caught:
            actions.demand_unchanged(NOTHING, host.context)
        assert (
            host.paths[number] in caught.value.message and 'something else' in caught.value.message
        )
        actions.forget_staged(NOTHING, host.context)
        assert host.contents()[number] == b'by another hand'
        assert host.left() == []


class TestSwapFile:
    def test_replaces_every_text_byte_for_byte_and_keeps_mode_and_owner(self, host):
        done = host.run()
        assert done.failed is None
        assert host.contents() == [b'ONE \xe9\n', b'TWO', b'THREE']
        for was, now in zip(host.before, host.snapshots()):
            if was.kind == 'file':
                assert now._replace(content=b'') == was._replace(content=b'')
        assert stat.S_IMODE(os.stat(host.paths[1]).st_mode) == files.NEW_FILE_MODE

    def test_a_file_that_has_gone_since_is_not_made_again(self, host):
        host.stage()
        os.unlink(host.paths[0])
        with pytest.raises(StepError):
            actions.swap_file(SwapOrder(0), host.context)
        assert not os.path.exists(host.paths[0])

    def test_a_change_while_the_server_stops_is_told_and_kept_aside(self, host):
        def stop(_order, _context):
            host.write(host.paths[0], b'by another hand')

        done = host.run(stop=stop)
        assert (
            done.failed.name == 'swap'
            and 'something else' in done.error.message
            and done.undo_errors == []
        )
        assert host.snapshots() == host.before
        kept = os.path.join(host.state, 'conflict-%s' % files.digest(b'by another hand')[:12])
        assert host.left() == [os.path.basename(kept)]
        assert len(host.context.warnings) == 1 and kept in host.context.warnings[0]


class TestPutBack:
    def test_a_file_that_was_never_staged_is_as_it_was(self, host):
        host.put_back()
        assert host.snapshots() == host.before

    def test_a_file_that_was_staged_only_is_as_it_was(self, host):
        host.stage()
        host.put_back()
        assert host.snapshots() == host.before
        actions.forget_staged(NOTHING, host.context)
        assert host.left() == []

    @as_root
    def test_bytes_mode_and_owner_are_as_before(self, host):
        done = host.run('fail')
        assert done.failed.name == 'prove' and done.undo_errors == []
        assert host.snapshots() == host.before
        facts = os.stat(host.paths[0])
        assert (stat.S_IMODE(facts.st_mode), facts.st_uid, facts.st_gid) == (0o640, 12, 34)
        assert host.left() == [] and host.context.warnings == []

    def test_may_be_repeated(self, host):
        host.stage()
        host.swap()
        host.put_back()
        host.put_back()
        assert host.snapshots() == host.before and host.context.warnings == []

    @pytest.mark.parametrize('number', range(3))
    def test_a_change_during_the_switch_is_kept_aside_and_told(self, host, number):
        host.stage()
        host.swap()
        host.write(host.paths[number], b'by another hand')
        host.put_back()
        assert host.snapshots() == host.before
        kept = os.path.join(host.state, 'conflict-%s' % files.digest(b'by another hand')[:12])
        assert files.take_snapshot(kept)[:3] == ('file', b'by another hand', 0o600)
        assert len(host.context.warnings) == 1
        assert kept in host.context.warnings[0] and host.paths[number] in host.context.warnings[0]

    def test_a_file_that_was_removed_during_the_switch_comes_back(self, host):
        host.stage()
        host.swap()
        os.unlink(host.paths[0])
        host.put_back()
        assert host.snapshots() == host.before and host.context.warnings == []

    @pytest.mark.parametrize('at', range(1, 9))
    def test_a_rename_that_fails_anywhere_leaves_every_file_as_it_was(self, host, monkeypatch, at):
        # five renames stage the three files, three swap them
        calls, real = [], os.rename

        def rename(*args):
            calls.append(args)
            if len(calls) == at:
                raise KeyboardInterrupt()
            real(*args)

        monkeypatch.setattr(files.os, 'rename', rename)
        done = host.run()
        monkeypatch.undo()
        assert isinstance(done.error, KeyboardInterrupt) and done.undo_errors == []
        assert done.failed.name == ('stage' if at <= 5 else 'swap')
        assert host.snapshots() == host.before
        assert host.left() == []

    def test_a_way_back_that_fails_is_kept_and_named(self, host, monkeypatch):
        real = os.rename

        def rename(source, target):
            if source == host.context.metas.get(0, {}).get('old'):
                raise OSError(5, 'Input/output error')
            real(source, target)

        monkeypatch.setattr(staging.os, 'rename', rename)
        done = host.run('fail')
        monkeypatch.undo()
        assert [step.name for step, _text in done.undo_errors] == ['swap', 'stage']
        old = host.context.metas[0]['old']
        assert files.take_snapshot(old) == host.before[0] and old in done.undo_errors[1][1]
        host.put_back()
        actions.forget_staged(NOTHING, host.context)
        assert host.snapshots() == host.before and host.left() == []


class TestForgetStaged:
    @pytest.mark.parametrize('number', [0, 2])
    def test_never_removes_the_way_back_of_a_file_that_is_not_back(self, host, number):
        host.stage()
        actions.swap_file(SwapOrder(number), host.context)
        kept = dict(
            (name, files.take_snapshot(os.path.join(host.state, name))) for name in host.left()
        )
        with pytest.raises(StepError) as caught:
            actions.forget_staged(NOTHING, host.context)
        assert host.context.metas[number]['old'] in caught.value.message
        assert (
            dict(
                (name, files.take_snapshot(os.path.join(host.state, name))) for name in host.left()
            )
            == kept
        )

    def test_never_removes_it_even_if_another_hand_changed_the_file_again(self, host):
        host.stage()
        host.swap()
        host.write(host.paths[0], b'by another hand')
        with pytest.raises(StepError):
            actions.forget_staged(NOTHING, host.context)
        assert files.take_snapshot(host.context.metas[0]['old']) == host.before[0]

    def test_removes_what_staging_left_and_may_be_repeated(self, host):
        host.stage()
        actions.forget_staged(NOTHING, host.context)
        actions.forget_staged(NOTHING, host.context)
        assert host.snapshots() == host.before and host.left() == []

    def test_nothing_staged_is_nothing_to_do(self, host):
        actions.forget_staged(NOTHING, host.context)
        assert host.snapshots() == host.before


class TestDiscardStaged:
    def test_removes_the_way_back_once_it_is_proved(self, host):
        host.run()
        actions.discard_staged(NOTHING, host.context)
        assert host.contents() == [b'ONE \xe9\n', b'TWO', b'THREE'] and host.left() == []
        actions.discard_staged(NOTHING, host.context)


class TestWritePage:
    def test_makes_a_page_that_the_server_can_read_and_its_inverse_takes_it_away(
        self, tmpdir, host
    ):
        page = PageOrder(str(tmpdir.join('page.php')), '<?php ?>\n')
        actions.write_page(page, host.context)
        assert stat.S_IMODE(os.stat(page.path).st_mode) == 0o644
        actions.remove_page(page, host.context)
        assert not os.path.exists(page.path)
        actions.remove_page(page, host.context)

    def test_a_page_that_was_cut_off_is_taken_away_too(self, tmpdir, host):
        host.write(str(tmpdir.join('page.php')), b'')
        actions.remove_page(PageOrder(str(tmpdir.join('page.php')), 'x'), host.context)
        assert not tmpdir.join('page.php').check()

    @pytest.mark.parametrize('folder', ['gone', 'read-only'])
    def test_where_no_page_can_be_written_the_switch_goes_on_and_says_so(
        self, tmpdir, host, monkeypatch, folder
    ):
        page = PageOrder(str(tmpdir.join('gone', 'page.php')), 'x')
        if folder == 'read-only':
            tmpdir.mkdir('gone')

            def refuse(*args):
                raise OSError(errno.EROFS, 'Read-only file system')

            monkeypatch.setattr(actions.files.os, 'unlink', refuse)
        actions.write_page(page, host.context)
        actions.remove_page(page, host.context)
        assert [page.path in words for words in host.context.warnings] == [True]

    def test_a_page_of_somebody_else_is_neither_replaced_nor_removed(self, host):
        page = PageOrder(host.paths[0], 'x')
        with pytest.raises(StepError):
            actions.write_page(page, host.context)
        actions.remove_page(page, host.context)
        assert host.snapshots() == host.before


class TestPutBackOfSeveralSwapsOfOnePath:
    """A recovery that is cut off is done again from its start, and its later swaps were put back
    already.
    """

    @pytest.mark.parametrize('cut', range(4))
    @pytest.mark.parametrize('swapped', [1, 2, 3])
    @pytest.mark.parametrize(
        'values',
        [
            (u'a', u'guarded', None, u'b'),
            (u'a', None, u'b', u'c'),
            (None, u'a', u'b', None),
            (None, u'a', None, u'b'),
            (u'a', u'b', u'a', u'b'),
        ],
        ids=lambda values: '-'.join(value or 'nothing' for value in values),
    )
    def test_may_be_begun_again_wherever_it_was_cut_off(self, tmpdir, values, swapped, cut):
        host = staged_host.Host(tmpdir)
        path = os.path.join(host.etc, 'several')
        if values[0] is not None:
            host.write(path, values[0].encode('ascii'))
        before = files.take_snapshot(path)
        host.context.staged = [pair + (None,) for pair in zip(values, values[1:])]
        actions.stage_files(StageOrder([path] * 3), host.context)
        for number in range(swapped):
            actions.swap_file(SwapOrder(number), host.context)
        assert files.take_snapshot(path).content == (values[swapped] or u'').encode('ascii')
        back = list(reversed(range(swapped)))
        for number in back[:cut] + back + back:
            actions.put_back(SwapOrder(number), host.context)
        assert files.take_snapshot(path) == before
        actions.forget_staged(NOTHING, host.context)
        assert (os.path.lexists(path), host.context.warnings) == (values[0] is not None, [])
        assert os.listdir(host.state) == []


class TestTheTable:
    def test_has_what_a_recovery_goes_by(self):
        assert set(actions.STOPS) | set(actions.STARTS) <= set(actions.ACTIONS)
