# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import stat

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._transaction import (
    files,
    last,
    staging,
    state_folder,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction.journal import Header

HEADER = Header('w0rd', 'prefork', 'worker')
NAMES = ['a', 'b']


@pytest.fixture
def folder(tmpdir):
    return str(tmpdir.mkdir('state'))


@pytest.fixture
def paths(tmpdir):
    for name in NAMES:
        tmpdir.join(name).write_binary(b'old \xe9 ' + name.encode('ascii'))
    return [str(tmpdir.join(name)) for name in NAMES]


def switch(folder, paths, header=None, after=b'new'):
    """What a committed switch does to files, up to and with what it remembers."""
    metas = {}
    for number, path in enumerate(paths):
        before = files.take_snapshot(path)
        before = None if before.kind == 'absent' else before.content
        metas[number] = staging.plan_staging(path, before, after, folder, number)
        staging.stage_file(metas[number], before, after)
        staging.swap_in(metas[number])
    last.remember(folder, header or HEADER, metas)
    for meta in metas.values():
        staging.discard(meta)


class TestRecall:
    def test_gives_the_texts_from_before_the_last_switch(self, folder, paths):
        switch(folder, paths)
        found = last.recall(folder)
        assert (found.before, found.to, found.taken_back) == ('prefork', 'worker', False)
        assert found.files == dict((path, u'old \xe9 ' + name) for path, name in zip(paths, NAMES))

    @pytest.mark.parametrize('place', [None, [None, 'httpd@blue', None]])
    def test_gives_the_place_of_the_server(self, folder, paths, place):
        switch(folder, paths, HEADER._replace(place=place))
        assert last.recall(folder).place == place

    def test_only_the_last_switch_counts(self, folder, paths):
        switch(folder, paths)
        switch(folder, paths[:1], Header('w0rd', 'worker', 'event'), b'newer')
        found = last.recall(folder)
        assert (found.before, found.files) == ('worker', {paths[0]: u'new'})

    def test_a_switch_that_was_taken_back_is_not_taken_back_again(self, folder, paths):
        switch(folder, paths)
        place = [None, 'blue', None]
        switch(folder, paths, Header('w0rd', 'worker', 'prefork', place, True), b'old')
        assert last.recall(folder) == last.Earlier('prefork', 'worker', place, {}, True)

    def test_a_switch_after_that_can_be_taken_back(self, folder, paths):
        last.remember(folder, HEADER._replace(back=True), {})
        switch(folder, paths)
        assert not last.recall(folder).taken_back

    def test_a_note_of_an_older_version_is_understood(self, folder, paths):
        switch(folder, paths)
        path = os.path.join(folder, last.NAME)
        note = state_folder.read_json(path)
        del note['taken_back']
        state_folder.write_json(path, note)
        assert last.recall(folder).files and not last.recall(folder).taken_back

    def test_a_file_that_was_edited_since_is_named_with_both_fingerprints(self, folder, paths):
        switch(folder, paths)
        with open(paths[1], 'wb') as stream:
            stream.write(b'edited')
        with pytest.raises(StepError) as caught:
            last.recall(folder)
        words = caught.value.message
        assert caught.value.details['rule'] == 'edited_since'
        assert files.digest(b'edited')[:12] in words and files.digest(b'new')[:12] in words
        assert paths[1] in words and paths[0] not in words

    def test_a_file_that_was_removed_since_is_named(self, folder, paths):
        switch(folder, paths)
        os.unlink(paths[0])
        with pytest.raises(StepError) as caught:
            last.recall(folder)
        assert paths[0] in caught.value.message and 'none' in caught.value.message

    @pytest.mark.parametrize(
        'prepare',
        [
            os.rmdir,
            lambda folder: None,
            lambda folder: last.remember(folder, HEADER, {}),
            lambda folder: state_folder.write_private(
                os.path.join(folder, last.NAME), b'{"from": '
            ),
        ],
        ids=[
            'no folder',
            'no switch',
            'a switch that replaced no file',
            'a note that is not whole',
        ],
    )
    def test_where_nothing_was_switched_there_is_nothing_to_take_back(self, folder, prepare):
        prepare(folder)
        with pytest.raises(StepError) as caught:
            last.recall(folder)
        assert 'no switch' in caught.value.message

    def test_a_text_that_is_not_kept_any_more_is_told(self, folder, paths):
        switch(folder, paths)
        os.unlink(os.path.join(folder, 'last-1'))
        with pytest.raises(StepError) as caught:
            last.recall(folder)
        assert 'not kept' in caught.value.message

    def test_a_text_that_is_not_what_was_there_before_is_not_given(self, folder, paths):
        # as after a crash between the texts of a second switch and its last.json
        switch(folder, paths)
        state_folder.write_private(os.path.join(folder, 'last-0'), b'of another switch')
        with pytest.raises(StepError) as caught:
            last.recall(folder)
        assert 'not kept' in caught.value.message


class TestRemember:
    def test_is_for_root_alone(self, folder, paths):
        for path in paths:
            os.chmod(path, 0o644)
        switch(folder, paths)
        for name in os.listdir(folder):
            assert stat.S_IMODE(os.lstat(os.path.join(folder, name)).st_mode) == 0o600
        assert sorted(os.listdir(folder)) == ['last-0', 'last-1', 'last.json']


class TestPruneResults:
    def test_keeps_the_newest_twenty_and_nothing_but_results_goes(self, folder):
        names = ['result-%02d' % number for number in range(25)]
        for number, name in enumerate(reversed(names)):
            state_folder.write_json(os.path.join(folder, name), {})
            os.utime(os.path.join(folder, name), (1000 + number, 1000 + number))
        for name in ('journal', 'last.json'):
            state_folder.write_private(os.path.join(folder, name), b'')
            os.utime(os.path.join(folder, name), (1, 1))
        last.prune_results(folder)
        assert sorted(os.listdir(folder)) == ['journal', 'last.json'] + names[:20]
        last.prune_results(folder)
        assert len(os.listdir(folder)) == 22
