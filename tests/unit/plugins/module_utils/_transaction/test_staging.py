# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import ROOT_ONLY, Link
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
        staging.stage_file(meta, before, NEW)
        return meta


@pytest.fixture
def spot(tmpdir):
    return Spot(tmpdir)


class TestPlanStaging:
    def test_writes_nothing(self, spot):
        meta = spot.plan()
        assert os.listdir(spot.folder) == [] and os.listdir(os.path.dirname(spot.path)) == ['httpd']
        assert (meta['path'], meta['before'], meta['after']) == (
            spot.path,
            files.digest(OLD),
            files.digest(NEW),
        )

    def test_a_file_that_is_not_there_has_nothing_to_go_back_to(self, spot):
        meta = spot.plan(None)
        assert (meta['old'], meta['before']) == (None, None)

    def test_both_lie_hidden_in_the_place_that_was_found(self, spot):
        meta = spot.plan()
        assert set(os.path.dirname(meta[key]) for key in ('old', 'new')) == set([spot.folder])
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
            staging.stage_file(meta, before, NEW)
        assert spot.content() == now and os.listdir(spot.folder) == []


class TestPutBack:
    @pytest.mark.parametrize('before', [OLD, None, b''], ids=['a file', 'no file', 'an empty file'])
    @pytest.mark.parametrize(
        'now, told',
        [(NEW, False), (None, False), (OTHER, True)],
        ids=['swapped', 'removed', 'changed'],
    )
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
            assert (
                kept[0] in warning
                and files.take_snapshot(os.path.join(spot.folder, kept[0])).content == OTHER
            )
        assert staging.put_back(meta, spot.folder) is None

    def test_a_way_back_that_was_tampered_with_is_told(self, spot):
        meta = spot.staged()
        staging.swap_in(meta)
        with open(meta['old'], 'wb') as stream:
            stream.write(OTHER)
        with pytest.raises(StepError):
            staging.put_back(meta, spot.folder)

    def test_a_link_that_another_hand_put_in_its_place_is_kept_and_never_followed(self, spot):
        meta = spot.staged()
        os.unlink(spot.path)
        os.symlink('elsewhere', spot.path)
        warning = staging.put_back(meta, spot.folder)
        kept = [name for name in os.listdir(spot.folder) if name.startswith('conflict-')]
        assert spot.content() == OLD and not os.path.islink(spot.path)
        assert os.readlink(os.path.join(spot.folder, kept[0])) == 'elsewhere' and kept[0] in warning

    def test_mode_and_owner_are_proved_too(self, spot):
        meta = spot.staged()
        staging.swap_in(meta)
        os.chmod(meta['old'], 0o600)
        with pytest.raises(StepError):
            staging.put_back(meta, spot.folder)


LINK, OTHER_LINK = Link(b'../available/a'), Link(b'../available/b')


def put(path, value):
    if os.path.lexists(path):
        os.unlink(path)
    if isinstance(value, Link):
        os.symlink(value.target.decode('ascii'), path)
    elif value is not None:
        with open(path, 'wb') as stream:
            stream.write(value)


def there(path):
    found = files.take_snapshot(path)
    return {'absent': None, 'file': found.content, 'link': Link(found.content)}[found.kind]


class TestAnyKindOfChange:
    """A file, a link, nothing: each may become each other, and comes back."""

    @pytest.mark.parametrize('before', [OLD, LINK, None], ids=['file', 'link', 'nothing'])
    @pytest.mark.parametrize(
        'after', [NEW, OTHER_LINK, None], ids=['to file', 'to link', 'to nothing']
    )
    def test_goes_there_and_back(self, spot, before, after):
        put(spot.path, before)
        meta = staging.plan_staging(spot.path, before, after, spot.folder, 0)
        staging.stage_file(meta, before, after)
        assert there(spot.path) == before
        staging.demand_unchanged(meta)
        staging.swap_in(meta)
        assert there(spot.path) == after
        assert staging.put_back(meta, spot.folder) is None
        assert there(spot.path) == before
        staging.demand_back(meta)
        staging.discard(meta)
        assert os.listdir(spot.folder) == []

    def test_a_link_is_told_from_a_file_with_its_target_as_text(self, spot):
        put(spot.path, LINK.target)
        meta = staging.plan_staging(spot.path, LINK, NEW, spot.folder, 0)
        with pytest.raises(StepError):
            staging.stage_file(meta, LINK, NEW)

    @pytest.mark.parametrize(
        'values', [(OLD, NEW, OTHER), (LINK, NEW, None), (None, LINK, OTHER_LINK), (OLD, NEW, OLD)]
    )
    def test_a_path_may_be_swapped_twice(self, spot, values):
        put(spot.path, values[0])
        metas = []
        for number in (0, 1):
            metas.append(
                staging.plan_staging(
                    spot.path,
                    values[number],
                    values[number + 1],
                    spot.folder,
                    number,
                    chained=number == 1,
                )
            )
            staging.stage_file(metas[number], values[number], values[number + 1])
        for number in (0, 1):
            staging.swap_in(metas[number])
            assert there(spot.path) == values[number + 1]
        for number in (1, 0):
            assert staging.put_back(metas[number], spot.folder) is None
            assert there(spot.path) == values[number]
        for meta in metas:
            staging.demand_back(meta)
            staging.discard(meta)
        assert os.listdir(spot.folder) == []

    def test_a_second_swap_that_never_came_does_not_keep_the_first_from_being_settled(self, spot):
        put(spot.path, OLD)
        metas = [
            staging.plan_staging(spot.path, OLD, NEW, spot.folder, 0),
            staging.plan_staging(spot.path, NEW, None, spot.folder, 1, chained=True),
        ]
        staging.stage_file(metas[0], OLD, NEW)
        staging.stage_file(metas[1], NEW, None)
        staging.swap_in(metas[0])
        staging.put_back(metas[0], spot.folder)
        for meta in metas:
            staging.demand_back(meta)


class TestDiscard:
    @pytest.mark.parametrize('before', [OLD, None])
    def test_leaves_nothing_not_even_of_a_writer_who_was_killed(self, spot, before):
        meta = spot.staged(before)
        for name in (meta['new'], meta['old']):
            if name:
                with open(
                    os.path.join(spot.folder, '.%s.webops-new' % os.path.basename(name)), 'wb'
                ) as stream:
                    stream.write(b'half')
        staging.discard(meta)
        staging.discard(meta)
        assert os.listdir(spot.folder) == [] and spot.content() == before


class TestNewFolders:
    @pytest.mark.parametrize('below', ['a', 'a/b', 'a/b/c'])
    @pytest.mark.parametrize('umask', [0o022, 0o077, 0o000])
    def test_everybody_may_look_into_them_whatever_the_umask(self, tmpdir, below, umask):
        state, top = str(tmpdir.mkdir('state')), str(tmpdir.join('a'))
        path, before = str(tmpdir.join(below, 'mark')), os.umask(umask)
        try:
            meta = staging.plan_staging(path, None, b'', state, 0)
            staging.stage_file(meta, None, b'')
        finally:
            os.umask(before)
        modes = set(os.stat(folder).st_mode & 0o7777 for folder, _f, _n in os.walk(top))
        assert (meta['folder'], modes) == (top, set([0o755]))
        staging.discard(meta)
        assert not os.path.exists(top)

    def test_stay_where_something_came(self, tmpdir):
        state, path = str(tmpdir.mkdir('state')), str(tmpdir.join('a/b/mark'))
        meta = staging.plan_staging(path, None, b'', state, 0)
        staging.stage_file(meta, None, b'')
        staging.swap_in(meta)
        staging.discard(meta)
        assert os.path.exists(path)


class TestLike:
    @pytest.mark.parametrize('mode', [0o600, 0o640, 0o755])
    def test_what_moves_keeps_its_mode(self, spot, tmpdir, mode):
        other = str(tmpdir.join('other'))
        put(other, NEW)
        os.chmod(other, mode)
        meta = staging.plan_staging(spot.path, None, NEW, spot.folder, 0)
        staging.stage_file(meta, None, NEW, other)
        staging.swap_in(meta)
        assert files.take_snapshot(spot.path)[:3] == ('file', NEW, mode)

    def test_what_is_there_keeps_its_own(self, spot, tmpdir):
        other = str(tmpdir.join('other'))
        put(other, NEW)
        os.chmod(other, 0o600)
        put(spot.path, OLD)
        os.chmod(spot.path, 0o644)
        meta = staging.plan_staging(spot.path, OLD, NEW, spot.folder, 0)
        staging.stage_file(meta, OLD, NEW, other)
        staging.swap_in(meta)
        assert files.take_snapshot(spot.path).mode == 0o644


class TestANewFile:
    @pytest.mark.parametrize('like, mode', [(None, 0o644), (ROOT_ONLY, 0o600)])
    def test_has_the_label_of_its_folder_and_the_mode_that_is_asked_for(
        self, spot, monkeypatch, like, mode
    ):
        written = []
        folder = os.path.dirname(spot.path)
        labels = {'security.selinux': b'conf_t\0'}
        monkeypatch.setattr(
            staging.attributes,
            'read_attributes',
            lambda path, names=(): labels if path == folder else {},
        )
        monkeypatch.setattr(
            staging.attributes, 'write_attributes', lambda path, found: written.append(found)
        )
        meta = spot.plan(None)
        staging.stage_file(meta, None, NEW, like)
        assert written == [labels]
        staging.swap_in(meta)
        assert files.take_snapshot(spot.path).mode == mode
