"""What is made of counted requests: whose failures they are, what visitors saw, table and plot."""

import xml.etree.ElementTree as ElementTree

import pytest

from bench.judge import blame, judge, middle, page_ms, silence_ms, timeline
from bench.plot import FAILED, plot
from bench.scenario import Request, Switch
from bench.table import against_the_bar, table

LOAD = {
    'stale_retries': 2,
    'late_ms': {'p99': 1.5, 'max': 9},
    'cpu_share': 0.2,
    'cpu_pressure': 0.5,
    'tls': 'yes',
}


def switch(began, origin='prefork', mpm='event', right=True, down=False):
    return Switch(began, began + 1, began + 2, origin, mpm, right, down, '', 800)


SWITCHES = [switch(1010), switch(1020, 'event', 'prefork')]


def page(began, outcome='ok', took=0.01):
    return Request(began, took, 'page', outcome)


@pytest.mark.parametrize(
    'where, request_',
    [
        (0, page(1009, 'reset')),
        (1, page(1010.5, 'refused')),
        (1, page(1009, 'truncated', took=2)),
        (1, page(1019.9, 'refused')),
        (1, page(1011, 'timeout', took=20)),
        (2, page(1019, 'truncated', took=2)),
        (2, page(1025, 'status')),
    ],
)
def test_a_failure_belongs_to_the_switch_that_caused_it(where, request_):
    assert [len(each) for each in blame([page(1012), request_], SWITCHES)] == [
        int(at == where) for at in range(3)
    ]


def test_silence_is_the_longest_time_without_a_page():
    pages = (
        [page(1010 + at / 10) for at in range(5)]
        + [page(1012 + at / 10) for at in range(10)]
        + [page(1011, 'refused')]
    )
    assert silence_ms(pages, 1010, 1013) == pytest.approx(1600)
    assert silence_ms([], 1010, 1013) == pytest.approx(3000)


def test_a_page_counts_that_was_asked_for_during_a_switch_or_just_before():
    pages = [page(1010 + at / 100, took=at / 1000) for at in range(1, 101)] + [
        page(1009.7, took=9),
        page(1011.5, 'reset', took=9),
        page(1012.1, took=9),
    ]
    assert page_ms(pages, 1010, 1012, 0.99) == page_ms(pages, 1010, 1012, 1) == pytest.approx(100)
    assert page_ms(pages + [page(1009.9, took=3)], 1010, 1012, 1) == pytest.approx(3000)
    assert page_ms(pages, 1010, 1012, 0.5) == pytest.approx(51)
    assert page_ms([], 1010, 1012, 1) is None


def test_nothing_measured_is_no_zero():
    assert middle([None, None]) is None
    assert middle([3, None, 1, 2]) == {'median': 2, 'min': 1, 'max': 3}


def results():
    requests = [page(1005 + at / 10) for at in range(200)] + [
        page(1010.2, 'refused'),
        page(1010.3, 'refused'),
        page(1020.1, 'reset'),
    ]
    return dict(
        judge([*SWITCHES[:1], SWITCHES[1]._replace(right=False, down=True)], requests, [LOAD]),
        timeline=timeline(SWITCHES, requests),
    )


def test_the_numbers_of_one_contestant():
    result = results()
    assert (
        result['failed'],
        result['failed_per_switch'],
        result['failed_mean'],
        result['failed_before'],
    ) == (3, [2, 1], 1.5, 0)
    assert result['kinds'] == {'refused': 2, 'reset': 1}
    assert result['failed_by_way'] == {
        'prefork to event': {'median': 2, 'min': 2, 'max': 2},
        'event to prefork': {'median': 1, 'min': 1, 'max': 1},
    }
    assert (result['stale_retries'], result['down'], result['wrong'], result['requests']) == (
        2,
        1,
        0,
        203,
    )
    assert (sum(result['timeline']['ok']), sum(result['timeline']['failed'])) == (200, 3)


def test_the_table_has_a_row_for_each():
    lines = table({'ours': results(), 'hold': {'absent': 'not available: no nft here'}})
    assert len(lines) == 3
    assert '1.5 (1-2)' in lines[1] and 'refused 2, reset 1' in lines[1] and '1 down' in lines[1]
    assert lines[2].split(None, 1) == ['hold', 'not available: no nft here']


@pytest.mark.parametrize('ours, words', [(1100, ['1.10', 'within']), (1300, ['1.30', 'ABOVE'])])
def test_the_stop_is_held_against_the_bar(ours, words):
    results = {
        'ours-stop': {'outage_ms': middle([ours])},
        'raw-stop-wait-start': {'outage_ms': middle([1000])},
    }
    assert all(word in against_the_bar(results)[0] for word in words)
    assert (
        against_the_bar(
            {'ours-stop': {'absent': 'no'}, 'raw-stop-wait-start': results['raw-stop-wait-start']}
        )
        == []
    )


def test_the_plot_is_well_formed_and_shows_failures_in_red():
    root = ElementTree.fromstring(
        plot('a < b & c', {'ours': results(), 'hold': {'absent': 'no'}}, 10)
    )
    red = [
        each.get('d') for each in root if each.tag.endswith('path') and each.get('fill') == FAILED
    ]
    assert [path.count('M') for path in red] == [3]  # one for each tenth of a second
    words = [each.text for each in root if each.tag.endswith('text')]
    assert 'a < b & c' in words and 'ours' in words and 'hold' not in words
