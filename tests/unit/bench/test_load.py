"""The load counts every request once, as what it became."""

import asyncio
import json
import subprocess
import sys
from collections import Counter

import pytest

from bench.load import mix
from bench.load.connection import Place
from bench.load.load import Load
from bench.load.tally import summary

from .bad_server import BODY, answer, serving, well
from .conftest import ROOT

CHUNKED = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'


def sends(data, then=None):
    """A behaviour: one request, this answer, and the end; or RST with then='reset'; or nothing
    more with then='silent'.
    """

    async def behave(peer):
        await peer.request()
        await peer.send(data)
        if then == 'reset':
            await asyncio.sleep(0.02)
            peer.reset()
        elif then == 'silent':
            await asyncio.sleep(5)

    return behave


async def at_once_reset(peer):
    await peer.request()
    peer.reset()


def run(*behaviours, rate=40, seconds=0.2, shares=None, kept=False, timeout=2, **more):
    """Load a server that behaves so; return the Load.

    Without behaviours nobody listens on the port.
    """

    async def both():
        async with serving(*(behaviours or [well])) as port:
            if not behaviours:
                port = 1
            load = Load(Place('127.0.0.1', port, 0, 'localhost'), timeout, tls=False)
            await load.run(rate, seconds, shares or {'page': 1}, kept=kept, **more)
            return load

    return asyncio.run(both())


def kinds(load):
    return dict(Counter(each.outcome for each in load.asked))


@pytest.mark.parametrize(
    'kind, behaviour',
    [
        ('ok', well),
        ('ok', sends(answer(close=True))),
        ('ok', sends(CHUNKED + b'0\r\n\r\n')),
        ('ok', sends(b'HTTP/1.1 200 OK\r\n\r\nuntil the end')),
        ('status', sends(answer('500 Internal Server Error'))),
        ('status', sends(answer('503 Service Unavailable'))),
        ('reset', at_once_reset),
        ('reset', sends(b'')),
        ('truncated', sends(answer()[:-1])),
        ('truncated', sends(answer()[:20])),
        ('truncated', sends(answer()[:-1], then='reset')),
        ('truncated', sends(CHUNKED)),
        ('truncated', sends(b'HTTP/1.1 200 OK\r\n\r\nuntil the', then='reset')),
        ('timeout', sends(b'', then='silent')),
        ('timeout', sends(answer()[:-1], then='silent')),
        ('other', sends(b'SSH-2.0-nothing\r\n\r\n')),
    ],
)
def test_every_request_is_counted_as_what_it_became(kind, behaviour):
    load = run(behaviour, timeout=0.5)
    assert kinds(load) == {kind: len(load.asked)}
    assert 8 <= len(load.asked) <= 9


def test_refused():
    load = run()
    assert kinds(load) == {'refused': len(load.asked)}


def test_one_bad_answer_among_good_ones():
    result = summary(run(well, at_once_reset, sends(answer('500 No')), well).asked, 0.2)
    assert result['counts']['ok'] == result['requests'] - 2
    assert (result['counts']['reset'], result['counts']['status'], result['failed']) == (1, 1, 2)
    assert sorted(each[3] for each in result['failures']) == ['reset', 'status']
    assert (
        sum(result['series']['failed']) == 2
        and sum(result['series']['ok']) == result['requests'] - 2
    )


def keep(monkeypatch, every=0.05, count=1):
    monkeypatch.setattr(mix, 'BUSY', mix.Kept(count, every))
    monkeypatch.setattr(mix, 'IDLE', mix.Kept(0, 1))


def run_kept(*behaviours):
    return run(*behaviours, rate=2, seconds=0.5, kept=True)


def answers_then(count, end, close_said=False):
    """A behaviour: this many answers; then, with the next request in hand, `end`."""

    async def behave(peer):
        for number in range(count):
            await peer.request()
            await peer.send(answer(close=close_said and number == count - 1))
        if not close_said:
            await peer.request()
            await end(peer)

    return behave


async def reset(peer):
    peer.reset()


async def close(peer):
    pass


async def half(peer):
    await peer.send(answer()[:-1])


@pytest.mark.parametrize('end', [reset, close])
def test_a_kept_connection_that_dies_without_a_byte_is_asked_once_more(monkeypatch, end):
    keep(monkeypatch)
    load = run_kept(answers_then(2, end), well)
    assert (load.stale_retries, kinds(load)) == (1, {'ok': len(load.asked)})


def test_a_kept_connection_that_dies_in_an_answer_is_a_failure(monkeypatch):
    keep(monkeypatch)
    load = run_kept(answers_then(2, half), well)
    assert load.stale_retries == 0
    assert kinds(load) == {'ok': len(load.asked) - 1, 'truncated': 1}


def test_the_second_try_is_the_last(monkeypatch):
    keep(monkeypatch)
    load = run(answers_then(2, reset), at_once_reset, well, rate=0, seconds=0.4, kept=True)
    assert load.stale_retries == 1
    assert kinds(load) == {'ok': len(load.asked) - 1, 'reset': 1}


def test_the_first_request_on_a_connection_is_not_asked_again(monkeypatch):
    keep(monkeypatch)
    load = run(at_once_reset, well, rate=0, seconds=0.4, kept=True)
    assert (load.stale_retries, kinds(load)['reset']) == (0, 1)


def test_a_close_that_was_announced_is_no_retry(monkeypatch):
    keep(monkeypatch)
    load = run_kept(answers_then(2, close, close_said=True), well)
    assert (load.stale_retries, load.reconnects, kinds(load)) == (0, 1, {'ok': len(load.asked)})


def test_an_upload_arrives_whole_and_slowly(monkeypatch):
    monkeypatch.setattr(mix, 'UPLOAD_SECONDS', 0.3)
    came = []

    async def count(peer):
        came.append(await peer.request())
        await peer.send(answer(close=True))

    load = run(count, shares={'upload': 1}, rate=10)
    assert set(came) == {mix.UPLOAD_BYTES} and len(came) == len(load.asked)
    assert kinds(load) == {'ok': len(load.asked)} and min(each.took for each in load.asked) >= 0.3


def test_an_upload_that_is_cut_off_is_no_success():
    async def cut(peer):
        await asyncio.sleep(0.1)
        peer.reset()

    assert set(kinds(run(cut, shares={'upload': 1}))) == {'reset'}


def test_slow_answers_do_not_slow_the_questions():
    async def slow(peer):
        await peer.request()
        await asyncio.sleep(0.5)
        await peer.send(answer(close=True))

    load = run(slow, rate=50, seconds=0.4)
    assert len(load.asked) in (20, 21)
    # One after the other they would take ten seconds.
    assert (
        max(each.began for each in load.asked) < 5 and min(each.took for each in load.asked) >= 0.5
    )
    for number, each in enumerate(sorted(load.asked)):
        assert each.began - each.late == pytest.approx(number / 50, abs=0.001)


def test_the_program_writes_what_it_counted(tmp_path):
    out = tmp_path / 'result.json'

    async def both():
        async with serving(sends(answer('500 No')), well) as port:
            argv = [
                sys.executable,
                '-m',
                'bench.load',
                '--url',
                f'http://127.0.0.1:{port}/',
                '--rate',
                '50',
                '--duration',
                '0.5',
                '--only',
                'page',
                '--no-keep-alive',
                '--tls-port',
                '0',
                '--json',
                str(out),
                '--every',
            ]
            process = await asyncio.create_subprocess_exec(*argv, cwd=ROOT, stdout=subprocess.PIPE)
            return (await process.communicate())[0]

    assert asyncio.run(both()) == b'began\n'
    result = json.loads(out.read_text())
    assert result['tls'] == 'skipped: not asked for'
    assert (result['failed'], result['counts']['status']) == (1, 1)
    assert len(result['every']) == result['requests'] in (25, 26)
    assert result['late_ms']['max'] is not None and len(BODY) == 200
