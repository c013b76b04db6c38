# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest

from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._transaction import files, staging

OLD, NEW, OTHER = b'old \xe9\n', b'new \xe9\n', b'by another hand'


class Spot(object):
    def __init__(self, tmpdir):
        self.path, self.folder = str(tmpdir.mkdir('etc').join('httpd')), str(tmpdir.mkdir('state'))

    def write(self, content):
        with open(self.path, 'wb') as stream:
            stream.write(content)

    def content(self):
        return files.take_snapshot(self.path).content if os.path.lexists(self.path) else None

    def plan(self, before=OLD):
        if before is not None:
            self.write(before)
        return staging.plan_staging(self.path, before, NEW, self.folder, 3)

    def staged(self, before=OLD):
        meta = self.plan(before)
        staging.stage_file(meta, NEW)
        return meta


@pytest.fixture
def spot(tmpdir):
    return Spot(tmpdir)


class TestPlanStaging:
    def test_writes_nothing(self, spot):
        meta = spot.plan()
        assert os.listdir(spot.folder) == [] and os.listdir(os.path.dirname(spot.path)) == ['httpd']
        assert (meta['path'], meta['before'], meta['after']) == (spot.path, files.digest(OLD), files.digest(NEW))

    def test_a_file_that_is_not_there_has_nothing_to_go_back_to(self, spot):
        meta = spot.plan(None)
        assert (meta['old'], meta['before']) == (None, None)

    def test_lies_in_the_state_folder_where_that_is_on_the_same_file_system(self, spot):
        meta = spot.plan()
        assert set(os.path.dirname(meta[key]) for key in ('old', 'new')) == set([spot.folder])

    def test_lies_hidden_beside_the_file_where_it_is_not(self, spot, monkeypatch):
        real = os.stat

        class Elsewhere(object):
            st_dev = -1

        monkeypatch.setattr(staging.os, 'stat', lambda path: Elsewhere if path == spot.folder else real(path))
        meta = spot.plan()
        monkeypatch.undo()
        assert set(os.path.dirname(meta[key]) for key in ('old', 'new')) == set([os.path.dirname(spot.path)])
        assert all(os.path.basename(meta[key]).startswith('.') for key in ('old', 'new'))


class TestStageFile:
    def test_the_way_back_is_a_copy_that_no_writer_of_the_file_reaches(self, spot):
        meta = spot.staged()
        with open(spot.path, 'r+b') as stream:
            stream.write(OTHER)
        assert files.take_snapshot(meta['old']).content == OLD

    @pytest.mark.parametrize('before, now', [(OLD, OTHER), (OLD, None), (None, OTHER), (OLD, b'')])
    def test_a_file_that_changed_since_it_was_read_is_left_alone(self, spot, before, now):
        meta = spot.plan(before)
        if now is None:
            os.unlink(spot.path)
        else:
            spot.write(now)
        with pytest.raises(StepError):
            staging.stage_file(meta, NEW)
        assert spot.content() == now and os.listdir(spot.folder) == []


class TestPutBack:
    @pytest.mark.parametrize('before', [OLD, None, b''], ids=['a file', 'no file', 'an empty file'])
    @pytest.mark.parametrize('now, told', [(NEW, False), (None, False), (OTHER, True)], ids=['swapped', 'removed', 'changed'])
    def test_puts_back_what_was_and_keeps_what_another_hand_wrote(self, spot, before, now, told):
        meta = spot.staged(before)
        staging.swap_in(meta)
        if now is None:
            os.unlink(spot.path)
        else:
            spot.write(now)
        warning = staging.put_back(meta, spot.folder)
        assert spot.content() == before
        kept = [name for name in os.listdir(spot.folder) if name.startswith('conflict-')]
        assert (warning is not None) == told and len(kept) == int(told)
        if told:
            assert kept[0] in warning and files.take_snapshot(os.path.join(spot.folder, kept[0])).content == OTHER
        assert staging.put_back(meta, spot.folder) is None

    def test_a_way_back_that_was_tampered_with_is_told(self, spot):
        meta = spot.staged()
        staging.swap_in(meta)
        with open(meta['old'], 'wb') as stream:
            stream.write(OTHER)
        with pytest.raises(StepError):
            staging.put_back(meta, spot.folder)

    def test_a_link_in_its_place_is_neither_followed_nor_replaced(self, spot):
        meta = spot.staged()
        os.unlink(spot.path)
        os.symlink('elsewhere', spot.path)
        with pytest.raises(StepError):
            staging.put_back(meta, spot.folder)
        assert os.readlink(spot.path) == 'elsewhere' and os.path.exists(meta['old'])


class TestDiscard:
    @pytest.mark.parametrize('before', [OLD, None])
    def test_leaves_nothing_not_even_of_a_writer_who_was_killed(self, spot, before):
        meta = spot.staged(before)
        for name in (meta['new'], meta['old']):
            if name:
                with open(os.path.join(spot.folder, '.%s.webops-new' % os.path.basename(name)), 'wb') as stream:
                    stream.write(b'half')
        staging.discard(meta)
        staging.discard(meta)
        assert os.listdir(spot.folder) == [] and spot.content() == before
