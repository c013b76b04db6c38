# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import Step
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    NOTHING,
    PageOrder,
    StageOrder,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction import (
    actions,
    files,
    journal,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context

STEPS = [
    Step(name, 'write_page', PageOrder(name, u'caf\xe9\n'), 'forget_staged', NOTHING, 'do ' + name)
    for name in ('page', 'stop', 'swap')
]
TIDY = Step('tidy', 'remove_page', PageOrder('page', ''), None, NOTHING, 'tidy up')
HEADER = journal.Header('w0rd', 'prefork', 'worker', cleanup=[TIDY])
META = {'path': u'/etc/caf\xe9', 'new': '/n', 'old': None, 'before': None, 'after': 'ff'}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root can give files away')


@pytest.fixture
def folder(tmpdir):
    return str(tmpdir.mkdir('state'))


@pytest.fixture
def path(folder):
    return os.path.join(folder, journal.NAME)


@pytest.fixture
def book(folder):
    return journal.Journal(folder, HEADER, STEPS)


def content_of(path):
    with open(path, 'rb') as stream:
        return stream.read()


def write(path, content):
    with open(path, 'wb') as stream:
        stream.write(content)
    os.chmod(path, 0o600)


def row(action='write_page', order=None, undo=None, undo_order=None):
    """A step as it is on the disk."""
    order = {'path': '/x', 'content': ''} if order is None else order
    return ['name', action, order, undo, undo_order or {}, 'words']


class TestReadJournal:
    def test_gives_all_that_was_noted(self, folder, book):
        book.keep(1, META)
        book.note(journal.BEGIN, STEPS[0])
        book.note(journal.DONE, STEPS[0])
        book.note(journal.BEGIN, STEPS[2])
        header, steps, phases, metas = journal.read_journal(folder)
        assert (header, steps) == (HEADER, STEPS)
        assert isinstance(steps[0].order, PageOrder)
        assert isinstance(steps[0].undo_order, type(NOTHING))
        assert phases == {0: journal.DONE, 2: journal.BEGIN}
        assert metas == {1: META}

    def test_no_journal_is_no_business(self, folder):
        assert journal.read_journal(folder) is None

    def test_a_last_line_that_was_cut_off_is_left_out_wherever_it_was_cut(self, folder, path, book):
        book.note(journal.BEGIN, STEPS[0])
        whole = content_of(path)
        book.note(journal.DONE, STEPS[0])
        longer = content_of(path)
        for size in range(len(whole), len(longer)):
            write(path, longer[:size])
            assert journal.read_journal(folder)[2] == {0: journal.BEGIN}
        write(path, longer)
        assert journal.read_journal(folder)[2] == {0: journal.DONE}

    def test_a_plan_that_was_cut_off_is_one_of_which_nothing_was_done(self, folder, path, book):
        first = content_of(path)
        for size in range(len(first)):
            write(path, first[:size])
            assert journal.read_journal(folder) == (journal.Header(), [], {}, {})

    @pytest.mark.parametrize('number', [0, 1, 2])
    def test_a_whole_line_that_was_changed_is_damage_and_the_file_is_left(
        self, folder, path, book, number
    ):
        for step in STEPS:
            book.note(journal.BEGIN, step)
        lines = content_of(path).split(b'\n')
        lines[number] = lines[number].replace(b'"', b"'", 1)
        write(path, b'\n'.join(lines))
        with pytest.raises(StepError) as caught:
            journal.read_journal(folder)
        assert path in caught.value.message and 'line %d' % (number + 1) in caught.value.message
        assert content_of(path) == b'\n'.join(lines)

    @pytest.mark.parametrize('line', [b'', b'nonsense', b'\xff\xfe', b'0123456789abcdef {}'])
    def test_a_line_that_somebody_put_in_is_damage(self, folder, path, book, line):
        write(
            path,
            content_of(path) + line + b'\n' + journal.encode_record({'phase': 'begin', 'step': 0}),
        )
        with pytest.raises(StepError):
            journal.read_journal(folder)

    def test_another_version_is_not_guessed_at(self, folder, path):
        write(path, journal.encode_record({'version': 99, 'steps': []}))
        with pytest.raises(StepError) as caught:
            journal.read_journal(folder)
        assert '99' in caught.value.message and os.path.exists(path)

    @pytest.mark.parametrize(
        'changes, words',
        [
            ({'steps': None}, 'steps: it is not a list of steps'),
            ({'steps': ['stop']}, 'steps: it is not a list of steps'),
            ({'cleanup': [[]]}, 'cleanup: it is not a list of steps'),
            ({'steps': [row(action='format_disk')]}, 'steps: there is no action'),
            ({'steps': [row(undo='format_disk')]}, 'steps: there is no action'),
            ({'cleanup': [row(action='format_disk')]}, 'cleanup: there is no action'),
            (
                {'steps': [row(order={'path': '/x'})]},
                'steps: what write_page is told cannot be read: it has no content',
            ),
            (
                {'steps': [row(), row(undo='stop_server', undo_order={'pid': 1})]},
                'steps: what stop_server is told cannot be read: it has no programs',
            ),
            (
                {'cleanup': [row(order={'path': 5, 'content': ''})]},
                'cleanup: what write_page is told cannot be read: path: 5 is not a text',
            ),
        ],
        ids=str,
    )
    @pytest.mark.parametrize('version', journal.READABLE)
    def test_a_step_that_cannot_be_read_is_named_and_the_file_is_left(
        self, folder, path, version, changes, words
    ):
        header = dict({'version': version, 'steps': [row()], 'cleanup': []}, **changes)
        write(path, journal.encode_record(header))
        with pytest.raises(StepError) as caught:
            journal.read_journal(folder)
        assert caught.value.message.startswith('%s cannot be read: %s' % (path, words))
        assert 'docs/recovery.md' in caught.value.message
        assert content_of(path) == journal.encode_record(header)

    @as_root
    def test_a_file_of_somebody_else_is_not_believed(self, folder, path, book):
        os.chown(path, 12, 34)
        with pytest.raises(StepError):
            journal.read_journal(folder)
        assert os.path.exists(path)

    @pytest.mark.parametrize('mode', [0o620, 0o602, 0o666])
    def test_a_file_that_others_may_write_is_not_believed(self, folder, path, book, mode):
        os.chmod(path, mode)
        with pytest.raises(StepError):
            journal.read_journal(folder)
        assert os.path.exists(path)

    def test_a_link_is_not_followed(self, folder, path, book):
        os.rename(path, path + '-elsewhere')
        os.symlink(path + '-elsewhere', path)
        with pytest.raises(StepError):
            journal.read_journal(folder)
        assert os.path.islink(path)


class TestJournal:
    def test_is_for_root_alone(self, path, book):
        assert os.lstat(path).st_mode & 0o777 == 0o600

    def test_every_note_is_on_the_disk_in_its_order_before_it_returns(
        self, path, book, monkeypatch
    ):
        synced, real = [], os.fsync

        def fsync(descriptor):
            real(descriptor)
            synced.append(content_of('/proc/self/fd/%d' % descriptor))

        monkeypatch.setattr(journal.os, 'fsync', fsync)
        before = content_of(path)
        acts = [
            lambda: book.note(journal.BEGIN, STEPS[1]),
            lambda: book.keep(0, META),
            lambda: book.note(journal.DONE, STEPS[1]),
        ]
        for act, record in zip(
            acts,
            [
                {'phase': 'begin', 'step': 1},
                {'staged': 0, 'meta': META},
                {'phase': 'done', 'step': 1},
            ],
        ):
            act()
            before += journal.encode_record(record)
            assert content_of(path) == before
            assert synced.pop() == before and synced == []

    @pytest.mark.parametrize(
        'step',
        [
            STEPS[0]._replace(action='format_disk'),
            STEPS[0]._replace(undo='format_disk'),
            STEPS[0]._replace(order=NOTHING),
            STEPS[0]._replace(order=PageOrder(path='/x', content=5)),
        ],
        ids=['an action', 'an inverse', 'another kind of order', 'another kind of value'],
    )
    @pytest.mark.parametrize('where', ['steps', 'cleanup'])
    def test_one_that_could_not_be_read_again_is_not_begun(self, folder, step, where):
        header = HEADER._replace(cleanup=[step]) if where == 'cleanup' else HEADER
        with pytest.raises(StepError) as caught:
            journal.Journal(folder, header, [step] if where == 'steps' else STEPS)
        assert caught.value.message.startswith('no recovery could read it: ')
        assert os.listdir(folder) == []

    def test_a_second_one_is_refused_while_one_is_there(self, folder, path, book):
        before = content_of(path)
        with pytest.raises(StepError):
            journal.Journal(folder, HEADER._replace(transaction='other'), STEPS)
        assert content_of(path) == before

    def test_a_link_that_leads_nowhere_is_one_too(self, folder, path):
        os.symlink('nowhere', path)
        with pytest.raises(StepError):
            journal.Journal(folder, HEADER, STEPS)
        assert os.path.islink(path)

    def test_a_journal_that_has_gone_is_not_begun_anew(self, path, book):
        os.unlink(path)
        with pytest.raises(OSError):
            book.note(journal.BEGIN, STEPS[0])
        assert not os.path.exists(path)

    @pytest.mark.parametrize('fails', [False, True], ids=['it says so', 'it only writes less'])
    def test_a_full_disk_leaves_no_half_line_before_what_is_noted_next(
        self, folder, path, book, monkeypatch, fails
    ):
        before, real = content_of(path), os.write

        def write_half(descriptor, line):
            real(descriptor, line[:10])
            if fails:
                raise OSError(28, 'No space left on device')
            return 10

        monkeypatch.setattr(journal.os, 'write', write_half)
        with pytest.raises(OSError):
            book.note(journal.BEGIN, STEPS[0])
        monkeypatch.undo()
        assert content_of(path) == before
        book.note(journal.UNDOING, STEPS[0])
        assert journal.read_journal(folder)[2] == {0: journal.UNDOING}

    def test_holds_nothing_of_what_is_in_a_file(self, tmpdir, folder, path):
        target = str(tmpdir.join('httpd.conf'))
        write(target, b'password OLD-SECRET')
        stage = Step('stage', 'stage_files', StageOrder([target]), 'forget_staged', NOTHING, '')
        book = journal.Journal(folder, HEADER, [stage])
        context = Context(
            None, folder, [(u'password OLD-SECRET', u'password NEW-SECRET', None)], journal=book
        )
        actions.stage_files(stage.order, context)
        assert b'SECRET' not in content_of(path)
        assert journal.read_journal(folder)[3] == context.metas and files.digest(
            b'password NEW-SECRET'
        ) in str(context.metas)


class TestSettle:
    @pytest.mark.parametrize('name', [journal.COMMITTED, journal.ROLLED_BACK, journal.RECOVERED])
    def test_ends_the_business_and_keeps_the_last_of_each_kind(self, folder, name):
        for word in ('first', 'second'):
            journal.Journal(folder, HEADER._replace(transaction=word), STEPS).finish(name)
            assert journal.read_journal(folder) is None
            assert journal.read_header(folder, name).transaction == word
        assert os.listdir(folder) == [name]


class TestReadHeader:
    @pytest.mark.parametrize('content', [None, b'', b'cut off', b'not a journal\n'])
    def test_what_cannot_be_read_is_none(self, folder, content):
        if content is not None:
            write(os.path.join(folder, journal.COMMITTED), content)
        assert journal.read_header(folder, journal.COMMITTED) is None


class TestBegunSteps:
    @pytest.mark.parametrize(
        'phases, begun',
        [
            ({}, []),
            ({0: 'begin'}, [0]),
            ({0: 'done'}, [0]),
            ({0: 'done', 1: 'begin'}, [0, 1]),
            ({0: 'done', 1: 'done', 2: 'done'}, [0, 1, 2]),
            ({0: 'done', 1: 'undoing'}, [0, 1]),
            ({0: 'done', 1: 'undone'}, [0]),
            ({0: 'undone', 1: 'undone'}, []),
            ({0: 'done', 1: 'undone', 2: 'undoing'}, [0, 1, 2]),
            ({0: 'undone', 1: 'undone', 2: 'begin'}, [0, 1, 2]),
        ],
    )
    def test_are_all_up_to_the_last_that_is_not_known_to_be_undone(self, phases, begun):
        assert journal.begun_steps(STEPS, phases) == [STEPS[number] for number in begun]
