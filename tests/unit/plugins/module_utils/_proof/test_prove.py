# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import subprocess
import sys

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ProofError
from ansible_collections.webops.apache.plugins.module_utils._model import Probe
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    Address,
    Expectation,
    ProofOrder,
)
from ansible_collections.webops.apache.plugins.module_utils._proof import probes, prove
from ansible_collections.webops.apache.plugins.module_utils._system import processes
from ansible_collections.webops.apache.plugins.module_utils._system.clock import (
    monotonic,
    wait_until,
)
from ansible_collections.webops.apache.plugins.module_utils._system.processes import (
    mapped_files,
    read_children,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._proof import sites

EXE = os.path.realpath('/proc/self/exe')
TOKEN = 't0k'
PAGE = '/webops-mpm-t0k.php'


def php_page(zts, token=TOKEN):
    return 200, ('webops %s zts=%d' % (token, zts)).encode('ascii')


class Scene(object):
    """A site that this very process serves, and a pid file that says so: the tests' own process
    is the main process.
    """

    def __init__(self, site, tmpdir):
        self.site, self.context = site, Context(None, [])
        self.pid_file, self.log = str(tmpdir.join('pid')), str(tmpdir.join('error_log'))
        self.note(os.getpid())
        self.log_line('')

    def note(self, pid):
        with open(self.pid_file, 'w') as stream:
            stream.write('%s\n' % pid)

    def log_line(self, line):
        with open(self.log, 'a') as stream:
            stream.write(line)

    def order(self, answers=None, probe_list=(), soak=0, page=False, **changes):
        """Return a ProofOrder. changes: fields of what is expected."""
        expected = Expectation(
            mpm='worker', exe=EXE, pid_file=self.pid_file, ports=[self.site.port], modules=[]
        )
        answers = prove.observe(probe_list, self.site.addresses) if answers is None else answers
        return ProofOrder(
            expected=expected._replace(**changes),
            answers=answers,
            probes=list(probe_list),
            soak=soak,
            error_log=self.log,
            addresses=[Address(*each) for each in self.site.addresses],
            token=TOKEN if page else None,
            page=PAGE if page else None,
            threaded_php=page,
        )

    def wrong(self, order):
        """What the proof finds wrong; [] where it holds."""
        try:
            prove.prove(order, self.context)
        except ProofError as e:
            assert self.context.proved is False
            return e.details['wrong']
        assert self.context.proved is True
        return []


@pytest.fixture
def scene(tmpdir, monkeypatch):
    monkeypatch.setattr(prove, 'READY_WAIT', 0.1)
    monkeypatch.setattr(probes, 'TIMEOUT', 0.5)
    with sites.serving(sites.Site({'/': (200, b'hello'), '/b': (200, b'there')})) as site:
        yield Scene(site, tmpdir)


class TestObserve:
    def test_asks_the_probes_of_the_user(self, scene):
        answers = prove.observe(
            [Probe(scene.site.url('/b'), 404, None), Probe(scene.site.url('/'), None, 'hello')],
            scene.site.addresses,
        )
        assert [(answer.status, answer.error) for answer in answers] == [
            (200, 'status 200 instead of 404'),
            (200, None),
        ]

    def test_without_probes_the_first_page_of_each_port_is_asked_for_and_may_be_anything(
        self, scene
    ):
        del scene.site.pages['/']
        answers = prove.observe(
            [], scene.site.addresses + [('127.0.0.1', scene.site.port), ('127.0.0.1', 1)]
        )
        assert [(answer.url, answer.status, answer.error) for answer in answers] == [
            ('http://localhost:1/', None, None),
            ('http://localhost:%d/' % scene.site.port, 404, None),
        ]


class TestProve:
    def test_a_server_that_does_what_it_should_is_proved(self, scene):
        module = sorted(path for path in mapped_files(os.getpid()) if path.endswith('.so'))[:1]
        assert scene.wrong(scene.order(modules=module, soak=0.1)) == []

    def test_everything_that_is_wrong_with_the_process_is_named_at_once(self, scene):
        wrong = scene.wrong(
            scene.order(
                exe='/usr/sbin/httpd.worker',
                ports=[1, scene.site.port, 2],
                modules=['/a.so', '/b.so'],
            )
        )
        assert wrong == [
            'process %d runs %s instead of /usr/sbin/httpd.worker (worker)' % (os.getpid(), EXE),
            'it does not listen on port 1',
            'it does not listen on port 2',
            'it has not loaded /a.so',
            'it has not loaded /b.so',
        ]

    def test_everything_that_is_wrong_with_the_answers_is_named_at_once(self, scene):
        order = scene.order(
            probe_list=[Probe(scene.site.url(path), None, None) for path in ('/', '/b')]
        )
        scene.site.pages.update({'/': (500, b'oops'), '/b': (200, b'<?php evil')})
        assert scene.wrong(order) == [
            '%s answers 500, before it was 200' % scene.site.url('/'),
            '%s serves the source of a script' % scene.site.url('/b'),
        ]

    @pytest.mark.parametrize('pid', ['', 'x', '999999999'])
    def test_a_pid_file_that_names_nobody_is_told(self, scene, pid):
        scene.note(pid)
        wrong = scene.wrong(scene.order())
        assert wrong == ['no process of worker is noted in %s' % scene.pid_file]

    def test_two_probes_of_one_page_each_keep_what_they_look_for(self, scene):
        url = scene.site.url('/')
        order = scene.order(probe_list=[Probe(url, None, 'hell'), Probe(url, None, 'o')])
        scene.site.pages['/'] = (200, b'out')
        assert scene.wrong(order) == ['%s: the page does not hold %r' % (url, 'hell')]

    @pytest.mark.parametrize(
        'before, now, words',
        [
            ((404, b''), (404, b'other'), None),
            ((500, b''), (200, b''), 'answers 200, before it was 500'),
            ((200, b'<?php'), (200, b'<?php'), None),
            ((200, b''), (200, b'<?php'), 'serves the source'),
            ((200, b''), sites.hang_up, 'answers no answer'),
            (sites.hang_up, (500, b''), None),
        ],
        ids=[
            'another missing page',
            'better is not the same',
            'source as ever',
            'source now',
            'no answer now',
            'no answer before',
        ],
    )
    def test_answers_are_compared_with_those_before(self, scene, before, now, words):
        scene.site.pages['/'] = before
        order = scene.order()
        scene.site.pages['/'] = now
        wrong = scene.wrong(order)
        assert len(wrong) == (1 if words else 0)
        assert not words or words in wrong[0]

    @pytest.mark.parametrize(
        'before, now, words',
        [
            (b'text/html; charset=UTF-8', b'text/html', None),
            (b'text/html', b'text/plain', 'is text/plain, before it was text/html'),
            (b'text/html', b'', 'is of no kind, before it was text/html'),
            (b'', b'text/html', None),
        ],
    )
    def test_kinds_of_content_are_compared_with_those_before(self, scene, before, now, words):
        def page(kind):
            header = b'Content-Type: %s\r\n' % kind if kind else b''
            return lambda connection: connection.sendall(sites.answer(200, b'', header))

        scene.site.pages['/'] = page(before)
        args = scene.order()
        scene.site.pages['/'] = page(now)
        wrong = scene.wrong(args)
        assert wrong == ([wrong[0]] if words else []) and (words or '') in ''.join(wrong)

    def test_what_an_older_version_noted_of_an_answer_is_enough(self, scene):
        args = scene.order()
        args = args._replace(
            answers=[answer._replace(kind=None, address=None) for answer in args.answers]
        )
        assert scene.wrong(args) == []
        scene.site.pages['/'] = (404, b'')
        assert len(scene.wrong(args)) == 1

    def test_pages_that_no_user_named_come_behind_those_that_one_did(self, scene):
        named = Probe(scene.site.url('/'), None, 'hell')
        args = scene.order(probe_list=[named])
        (page,) = prove.observe([Probe(scene.site.url('/b'), None, None)], scene.site.addresses)
        args = args._replace(answers=args.answers + [page])
        assert scene.wrong(args) == []
        assert sorted(scene.context.answers) == [scene.site.url('/'), scene.site.url('/b')]
        scene.site.pages['/b'] = (404, b'')
        assert scene.wrong(args) == ['%s answers 404, before it was 200' % scene.site.url('/b')]
        assert scene.context.answers[scene.site.url('/b')].status == 404

    def test_a_round_ends_when_enough_is_wrong(self, scene):
        urls = ['/%d' % number for number in range(prove.ENOUGH + 3)]
        scene.site.pages.update((url, (200, b'')) for url in urls)
        args = scene.order(probe_list=[Probe(scene.site.url(url), None, None) for url in urls])
        del scene.site.asked[:]
        scene.site.pages.update((url, (500, b'')) for url in urls)
        assert len(scene.wrong(args)) == prove.ENOUGH
        assert urls[prove.ENOUGH] not in [path for path, _headers in scene.site.asked]

    def test_a_main_process_that_ends_while_pages_are_asked_is_seen_at_once(
        self, scene, monkeypatch
    ):
        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
        urls = ['/%d' % number for number in range(4)]
        scene.site.pages.update((url, (200, b'')) for url in urls)
        args = scene.order(
            probe_list=[Probe(scene.site.url(url), None, None) for url in urls],
            exe=os.path.realpath(sys.executable),
            ports=[],
        )

        def end_it(connection):
            child.kill()
            child.wait()
            connection.sendall(sites.answer(200, b''))

        monkeypatch.setattr(prove, 'addresses_of', lambda main: scene.site.addresses)
        scene.site.pages['/1'] = end_it
        scene.note(child.pid)
        del scene.site.asked[:]
        main = processes.noted_process(scene.pid_file)
        wrong = prove._until_as_before(args, scene.context, main, None, 5)
        assert wrong == ['the main process ended']
        assert '/2' not in [path for path, _headers in scene.site.asked]

    def test_a_server_that_needs_a_moment_gets_it(self, scene, monkeypatch):
        monkeypatch.setattr(prove, 'READY_WAIT', 5)
        order = scene.order(probe_list=[Probe(scene.site.url('/'), None, None)])
        asked = []

        def warming_up(connection):
            asked.append(1)
            connection.sendall(sites.answer(*((503, b'') if len(asked) < 3 else (200, b''))))

        scene.site.pages['/'] = warming_up
        assert scene.wrong(order) == []
        assert len(asked) == 3

    @pytest.mark.parametrize('when', ['process', 'answers'])
    def test_a_server_that_ends_ends_the_proof(self, scene, monkeypatch, when):
        monkeypatch.setattr(prove, 'READY_WAIT', 60)
        # What is wrong with it would be waited for, as long as it lives.
        order = scene.order(ports=[scene.site.port, 1] if when == 'process' else [scene.site.port])
        order.answers[0] = order.answers[0]._replace(status=201)
        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1)'])
        real = processes.noted_process
        monkeypatch.setattr(processes, 'is_alive', lambda process: child.poll() is None)
        monkeypatch.setattr(
            processes, 'noted_process', lambda path: real(path) if child.poll() is None else None
        )
        began = monotonic()
        assert scene.wrong(order)
        assert monotonic() - began < 30

    @pytest.mark.parametrize(
        'port, ended, counted',
        [(None, False, False), (1, False, False), (1, True, True), (None, True, True)],
    )
    def test_a_server_that_has_answered_nothing_did_not_serve(
        self, scene, monkeypatch, port, ended, counted
    ):
        order = scene.order(ports=[port or scene.site.port])
        order.answers[0] = order.answers[0]._replace(status=201)
        if ended:
            monkeypatch.setattr(processes, 'is_alive', lambda process: False)
        scene.context.came_up, scene.context.watch = monotonic() - 5, object()
        assert scene.wrong(order)
        assert (scene.context.unheard or 0) // 5 == counted

    def test_a_good_answer_is_not_asked_for_twice(self, scene):
        order = scene.order()
        del scene.site.asked[:]
        assert scene.wrong(order) == []
        assert len(scene.site.asked) == 1

    def test_the_soak_asks_again(self, scene):
        order = scene.order(soak=0.2)
        asked = []

        def failing_later(connection):
            asked.append(1)
            connection.sendall(sites.answer(*((200, b'') if len(asked) < 2 else (503, b''))))

        scene.site.pages['/'] = failing_later
        assert scene.wrong(order) == [
            'http://localhost:%d/ answers 503, before it was 200' % scene.site.port
        ]

    def test_the_soak_notices_a_main_process_that_ends(self, scene):
        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1.5)'])
        scene.note(child.pid)
        began = monotonic()
        order = scene.order([], soak=20, exe=os.path.realpath(sys.executable), ports=[])
        assert scene.wrong(order) == ['the main process ended within 20 s']
        assert monotonic() - began < 5
        child.wait()

    @pytest.mark.parametrize(
        'more, least, most',
        [(0.3, 0.2, 2), (-5, 0, 2)],
        ids=['younger than that', 'older than that'],
    )
    def test_the_soak_lasts_until_the_main_process_is_so_old(
        self, scene, monkeypatch, more, least, most
    ):
        monkeypatch.setattr(prove.processes, 'age_of', lambda main: 10)
        began = monotonic()
        assert scene.wrong(scene.order(soak=10 + more)) == []
        assert least <= monotonic() - began < most

    @pytest.mark.parametrize(
        'age, times', [(9.9, 1), (10, 0)], ids=['something is left', 'nothing is left']
    )
    def test_the_soak_lets_other_things_be_done_meanwhile(self, scene, monkeypatch, age, times):
        done = []
        monkeypatch.setattr(prove.processes, 'age_of', lambda main: 10.5 if done else age)
        scene.context.meanwhile = lambda: done.append(list(scene.site.asked))
        assert scene.wrong(scene.order(soak=10)) == []
        assert len(done) == times
        # What has to be seen after the soak is asked after it.
        assert not done or len(scene.site.asked) > len(done[0])

    def test_a_main_process_that_ends_meanwhile_is_noticed(self, scene):
        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
        scene.note(child.pid)

        def end():
            child.kill()
            child.wait()

        scene.context.meanwhile = end
        assert scene.wrong(
            scene.order([], soak=20, exe=os.path.realpath(sys.executable), ports=[])
        ) == ['the main process ended within 20 s']

    def test_a_child_that_crashes_is_noticed(self, scene):
        order = scene.order()._replace(crashes=True)
        child = subprocess.Popen([sys.executable, '-c', 'import os; os.abort()'])
        wait_until(lambda: any(each.ended for each in read_children(os.getpid())), 10)
        assert scene.wrong(order) == ['1 of its child processes crashed']
        child.wait()

    @pytest.mark.parametrize(
        'code', ['pass', 'import sys; sys.exit(139)', 'import os; os.kill(os.getpid(), 15)']
    )
    def test_a_child_that_ends_otherwise_did_not_crash(self, scene, code):
        order = scene.order()._replace(crashes=True)
        child = subprocess.Popen([sys.executable, '-c', code])
        wait_until(lambda: any(each.ended for each in read_children(os.getpid())), 10)
        assert scene.wrong(order) == []
        child.wait()

    def test_a_restored_server_is_not_judged_by_it(self, scene):
        child = subprocess.Popen([sys.executable, '-c', 'import os; os.abort()'])
        wait_until(lambda: any(each.ended for each in read_children(os.getpid())), 10)
        assert scene.wrong(scene.order()) == []
        child.wait()

    @pytest.mark.parametrize('log', [None, '/no/such/file', '/dev/zero'])
    def test_a_log_that_cannot_be_read_tells_nothing(self, scene, log):
        assert scene.wrong(scene.order()._replace(crashes=True, error_log=log)) == []


class TestProveRestored:
    def test_a_page_that_answers_otherwise_is_told_and_is_not_a_failure(self, scene):
        order = scene.order(soak=0.1)
        scene.site.pages['/'] = (404, b'')
        prove.prove_restored(order, scene.context)
        assert scene.context.proved is False
        assert scene.context.unlike == [
            'http://localhost:%d/ answers 404, before it was 200' % scene.site.port
        ]

    def test_what_is_told_of_a_page_is_how_the_new_server_answered(self, scene):
        args, url = scene.order(), 'http://localhost:%d/' % scene.site.port
        scene.site.pages['/'] = (500, b'')
        assert scene.wrong(args)
        scene.site.pages['/'] = (200, b'')
        prove.prove_restored(args, scene.context)
        assert scene.context.answers[url].status == 500

    def test_a_server_that_answers_as_before_is_proved(self, scene):
        prove.prove_restored(scene.order(soak=0.1), scene.context)
        assert (scene.context.proved, scene.context.unlike) == (True, [])

    def test_another_program_is_a_failure(self, scene):
        with pytest.raises(ProofError, match='instead of /usr/sbin/httpd'):
            prove.prove_restored(scene.order(exe='/usr/sbin/httpd'), scene.context)

    def test_a_main_process_that_ends_is_a_failure(self, scene):
        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1)'])
        scene.note(child.pid)
        order = scene.order([], soak=20, exe=os.path.realpath(sys.executable), ports=[])
        with pytest.raises(ProofError, match='the main process ended within 20 s'):
            prove.prove_restored(order, scene.context)
        child.wait()


class TestPhpPage:
    @pytest.mark.parametrize(
        'page, baseline',
        [
            (php_page(0), 0),
            (php_page(1), 1),
            ((200, b'<?php echo'), None),
            (php_page(0, 'other'), None),
            ((404, b'webops t0k zts=0'), None),
        ],
    )
    def test_the_baseline_is_what_the_old_server_says(self, scene, page, baseline):
        scene.site.pages[PAGE] = page
        prove.note_baseline(scene.order(page=True), scene.context)
        found = scene.context.baseline
        assert (found[3] if found else None) == baseline
        assert found is None or found[:3] == ('http', '0.0.0.0', scene.site.port)

    def test_without_a_page_there_is_no_baseline(self, scene):
        prove.note_baseline(scene.order(), scene.context)
        assert scene.context.baseline is None and scene.site.asked[-1][0] == '/'

    def test_the_baseline_notes_how_long_the_log_is(self, scene):
        scene.log_line('some line\n')
        prove.note_baseline(scene.order(), scene.context)
        assert scene.context.log_size == len('some line\n')

    @pytest.mark.parametrize(
        'now, threaded, wrong',
        [
            (php_page(1), True, []),
            (php_page(0), True, ['PHP answers, and is not thread-safe']),
            (php_page(0), False, []),
            ((404, b''), True, ['PHP does not answer any more']),
        ],
    )
    def test_php_has_to_answer_as_the_new_server_needs_it(self, scene, now, threaded, wrong):
        order = scene.order(page=True)._replace(threaded_php=threaded)
        scene.site.pages[PAGE] = php_page(0)
        prove.note_baseline(order, scene.context)
        scene.site.pages[PAGE] = now
        assert scene.wrong(order) == wrong

    def test_where_the_old_server_did_not_answer_it_proves_nothing(self, scene):
        order = scene.order(page=True)
        prove.note_baseline(order, scene.context)
        assert scene.context.baseline is None and scene.wrong(order) == []
