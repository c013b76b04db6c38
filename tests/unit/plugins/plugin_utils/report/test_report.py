# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a report says of a fleet, and how it says what hosts said."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import stat

import pytest
from ansible_collections.webops.apache.plugins.plugin_utils.report import (
    files,
    hosts,
    overview,
    page,
    sheets,
)

BAD_TEXT = '</style></script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}'
MPM = {
    'running': 'prefork',
    'configured': 'prefork',
    'version': '2.4.62',
    'layout': 'mods-enabled',
    'process': {'processes': 6, 'threads': 6, 'memory_kib': 20480},
    'php': [{'path': '/usr/lib/apache2/modules/libphp8.2.so', 'thread_safe': False}],
    'directives': {'MaxRequestWorkers': 150, 'AsyncRequestWorkerFactor': 1.5},
}
REFUSAL = {'rule': 'plesk', 'level': 'refuse', 'reason': 'Plesk owns it.', 'fix': 'Use Plesk.'}
RELOAD = {'rule': 'reload_would_kill', 'level': 'warn', 'reason': 'It differs.', 'fix': 'Stop it.'}
SITE = {
    'site': 'shop.example.com',
    'place': None,
    'ports': [443],
    'names': ['x.php'],
    'now': 'mod_php',
    'then': 'fpm',
}


ADVICE = {'mpm': 'event', 'php': 'fpm', 'reasons': ['Idle connections are free.']}


def audit(findings=(), switch_to=None, sites=(), advice=None, **changes):
    return {
        'mpm_audit': {
            'mpm': dict(MPM, **changes),
            'findings': list(findings),
            'switch_to': switch_to or {},
            'php_sites': list(sites),
            'advice': advice or {},
        }
    }


def switch(outcome='switched', **changes):
    result = {
        'outcome': outcome,
        'before': MPM,
        'after': dict(MPM, running='event', configured='event'),
        'findings': [],
        'steps': ['Stop the server.'],
        'rehearsal': {'state': 'passed', 'memory_kib': 10240},
        'outage_ms': 0,
        'strategy': {'used': 'overlap'},
        'php_sites': [SITE],
    }
    return {'switch_mpm_result': dict(result, **changes)}


NOT_THERE = {'mpm_audit': {'unreachable': True, 'msg': 'No route to host'}}
ODD = {'mpm_audit': {'mpm': 'prefork', 'findings': [], 'switch_to': {}}}


class TestAudited:
    @pytest.mark.parametrize(
        'variables, rank, state',
        [
            (audit(), hosts.GOOD, 'Good'),
            (audit([RELOAD], configured='event'), hosts.DEADLY, 'would end this server'),
            (audit(configured='event'), hosts.DIFFERS, 'from prefork to event'),
            (audit(configured=None), hosts.DIFFERS, 'from prefork to none'),
            (audit(running=None), hosts.GOOD, 'stopped'),
            (audit([dict(RELOAD, rule='other')]), hosts.WARNED, 'warnings'),
            (
                audit(switch_to={'worker': [REFUSAL], 'event': [REFUSAL]}),
                hosts.BLOCKED,
                'No other MPM',
            ),
            (audit(switch_to={'worker': [REFUSAL], 'event': []}), hosts.GOOD, 'Good'),
            (NOT_THERE, hosts.UNKNOWN, 'No answer'),
            (ODD, hosts.UNKNOWN, 'Unreadable'),
            ({}, hosts.UNKNOWN, 'No answer'),
            ({'mpm_audit': 'x'}, hosts.UNKNOWN, 'Unreadable'),
        ],
    )
    def test_says_how_urgent_it_is(self, variables, rank, state):
        report = hosts.audited('web1', variables)
        assert (report.name, report.rank) == ('web1', rank) and state in report.state

    def test_says_why_nothing_is_known(self):
        assert hosts.audited('web1', NOT_THERE).problem == 'No route to host'
        assert 'is of type str' in hosts.audited('web1', ODD).problem

    def test_has_what_was_read(self):
        found = hosts.audited('web1', audit(sites=[SITE], switch_to={'worker': [REFUSAL]}))
        assert found.php == ['libphp8.2.so (not thread-safe)']
        assert found.memory == {'now': 20480} and found.processes == 6
        assert found.sites == [
            hosts.Site('shop.example.com', '', [443], ['x.php'], 'mod_php', 'fpm')
        ]
        assert found.blocked == {
            'worker': [hosts.Finding('plesk', 'refuse', 'Plesk owns it.', 'Use Plesk.')]
        }

    @pytest.mark.parametrize(
        'advice, words',
        [(ADVICE, 'event, php: fpm'), (dict(ADVICE, php=None), 'event'), (None, None)],
    )
    def test_has_the_advice_in_short(self, advice, words):
        found = hosts.audited('web1', audit(advice=advice)).advice
        assert (found and found.words) == words

    def test_a_warning_of_another_mpm_blocks_nothing(self):
        warning = dict(REFUSAL, level='warn')
        assert hosts.audited('web1', audit(switch_to={'event': [warning]})).blocked == {}


class TestSwitched:
    @pytest.mark.parametrize(
        'variables, rank, state',
        [
            (switch(), hosts.GOOD, 'Switched'),
            (switch(findings=[dict(REFUSAL, level='warn')]), hosts.WARNED, 'Switched'),
            (switch('rolled_back'), hosts.BAD, 'Rolled back'),
            (switch('refused', findings=[REFUSAL]), hosts.BAD, 'Refused'),
            (switch('nonsense'), hosts.BAD, 'Unreadable'),
            ({}, hosts.GOOD, 'Not tried'),
        ],
    )
    def test_says_how_it_ended(self, variables, rank, state):
        report = hosts.switched('web1', variables)
        assert (report.rank, report.state) == (rank, state)

    def test_has_before_and_after(self):
        report = hosts.switched('web1', switch())
        assert (report.switch.before, report.switch.after) == ('prefork', 'event')
        assert (report.switch.strategy, report.switch.outage) == ('overlap', 0)
        assert report.memory == {'before': 20480, 'rehearsed': 10240, 'after': 20480}


class TestInOrder:
    def test_puts_risks_first(self):
        fleet = {'good': audit(), 'odd': ODD, 'deadly': audit([RELOAD], configured='event')}
        reports = hosts.in_order([hosts.audited(name, fleet[name]) for name in fleet])
        assert [report.name for report in reports] == ['deadly', 'odd', 'good']


def reports_of(fleet, reader=hosts.audited):
    return hosts.in_order([reader(name, variables) for name, variables in fleet.items()])


class TestLookOver:
    def test_counts_mpms(self):
        fleet = {'a': audit(), 'b': audit(), 'c': audit(running=None), 'd': {}}
        found = overview.look_over(reports_of(fleet))
        assert sorted((share.name, share.hosts, share.percent) for share in found.mpms) == [
            ('not known', 1, 25.0),
            ('prefork', 2, 50.0),
            ('stopped', 1, 25.0),
        ]

    def test_has_each_rule_once_with_its_hosts(self):
        blocked = {'worker': [REFUSAL], 'event': [REFUSAL]}
        fleet = dict(('web%02d' % number, audit(switch_to=blocked)) for number in range(23))
        fleet['db'] = audit([RELOAD], configured='event')
        found = overview.look_over(reports_of(fleet)).blockers
        assert [(each.rule, each.hosts, each.more) for each in found] == [
            ('plesk', 23, 3),
            ('reload_would_kill', 1, 0),
        ]
        assert found[0].targets == ['event', 'worker'] and found[0].fix == 'Use Plesk.'

    def test_compares_memory_of_hosts_that_have_both(self):
        fleet = {
            'a': switch(),
            'b': switch('planned'),
            'c': switch(rehearsal={'state': 'skipped'}),
            'd': switch('planned', rehearsal={'state': 'skipped'}),
        }
        found = overview.look_over(reports_of(fleet, hosts.switched)).memory
        assert found == overview.Memory(3, 61440, 51200)


class Page(html.parser.HTMLParser):
    """Tags that are open, and those that were seen."""

    VOID = ('meta', 'input')

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.ids, self.links = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        values = dict(attrs)
        assert not [name for name in values if name.startswith('on')]
        self.ids += [values['id']] if 'id' in values else []
        self.links += [values['href']] if 'href' in values else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


FLEETS = [
    (hosts.audited, {'a': audit(sites=[SITE]), 'b': NOT_THERE, 'c': audit([RELOAD])}),
    (hosts.audited, {}),
    (hosts.switched, {'a': switch(), 'b': switch('rolled_back'), 'c': {}}),
]


class TestPage:
    @pytest.mark.parametrize('reader, fleet', FLEETS)
    def test_is_whole_and_needs_nothing_else(self, reader, fleet):
        text = page.render_page('Audit', 'today', reports_of(fleet, reader))
        found = Page(text)
        assert found.open == [] and found.seen.count('script') == 1
        assert len(found.ids) == len(set(found.ids))
        assert set(found.links) <= set('#' + each for each in found.ids)
        assert 'http' not in text.replace('httpd', '') and '@import' not in text

    @pytest.mark.parametrize('key', ['reason', 'fix', 'rule'])
    def test_shows_what_a_host_said_as_text(self, key):
        bad = dict(REFUSAL, **{key: BAD_TEXT})
        fleet = {
            '<b>name</b>': audit([bad], {'worker': [bad]}, [dict(SITE, site=BAD_TEXT)]),
            'php': audit(php=[{'path': BAD_TEXT}], panels=[BAD_TEXT], version=BAD_TEXT),
            'odd': {'mpm_audit': {'msg': BAD_TEXT}},
            'adviser': audit(advice={'mpm': BAD_TEXT, 'php': BAD_TEXT, 'reasons': [BAD_TEXT]}),
        }
        found = Page(page.render_page('Audit', 'today', reports_of(fleet)))
        assert found.seen.count('script') == 1 and 'img' not in found.seen
        text = page.render_page('Audit', 'today', reports_of(fleet))
        assert '{{ 7 * 7 }}' in text and '<b>name' not in text

    def test_shows_the_advice_with_its_reasons(self):
        text = page.render_page('Audit', 'today', reports_of({'a': audit(advice=ADVICE)}))
        assert 'Advice: <b>event, php: fpm</b>. Idle connections are free.' in text

    def test_shows_numbers_that_httpd_changes(self):
        fleet = {'a': audit(effective={'MaxRequestWorkers': 100, 'AsyncRequestWorkerFactor': 1.5})}
        text = page.render_page('Audit', 'today', reports_of(fleet))
        assert 'MaxRequestWorkers <b>150</b> (httpd takes 100)' in text
        assert text.count('httpd takes') == 1

    def test_names_once_what_refuses_two(self):
        fleet = {'a': audit(switch_to={'worker': [REFUSAL], 'event': [REFUSAL]})}
        text = page.render_page('Audit', 'today', reports_of(fleet))
        assert 'Not to event or worker:' in text and text.count('Plesk owns it.') == 1

    def test_of_one_host_is_small(self):
        fleet = dict(('web%04d.example.com' % each, audit(sites=[SITE])) for each in range(500))
        assert len(page.render_page('Audit', 'today', reports_of(fleet))) < 500 * 2000

    @pytest.mark.parametrize(
        'value, words', [(150, '150'), (1.5, '1.5'), (12345678, '12345678'), (0.0, '0')]
    )
    def test_writes_numbers_as_people_do(self, value, words):
        assert page.number(value) == words


class TestSheets:
    @pytest.mark.parametrize('begin', ['=', '+', '-', '@', '\t', '\r'])
    def test_no_cell_is_a_formula(self, begin):
        words = begin + 'cmd|calc'
        fleet = {words: audit(version=words)}
        rows = list(csv.DictReader(io.StringIO(sheets.render_csv(reports_of(fleet)))))
        assert len(rows) == 1
        assert not [cell for cell in rows[0].values() if cell.startswith(begin)]

    def test_csv_has_the_advice(self):
        text = sheets.render_csv(reports_of({'a': audit(advice=ADVICE)}))
        assert [row['advice'] for row in csv.DictReader(io.StringIO(text))] == ['event, php: fpm']

    def test_csv_has_a_line_for_each_host(self):
        fleet = {'a': switch(), 'b': {}}
        rows = list(
            csv.DictReader(io.StringIO(sheets.render_csv(reports_of(fleet, hosts.switched))))
        )
        assert [(row['host'], row['outcome'], row['outage_ms']) for row in rows] == [
            ('b', 'not tried', ''),
            ('a', 'switched', '0'),
        ]

    def test_json_has_everything(self):
        fleet = {'a': audit([RELOAD], {'worker': [REFUSAL]}, [SITE] * 30)}
        found = json.loads(sheets.render_json('Audit', 'today', reports_of(fleet)))
        (host,) = found['hosts']
        assert found['title'] == 'Audit' and len(host['sites']) == 30
        assert host['blocked']['worker'][0]['rule'] == 'plesk'


class TestFiles:
    def test_are_named_in_a_list_or_with_commas(self, tmp_path):
        names = ['%s/a.html' % tmp_path, '%s/b.csv' % tmp_path]
        assert files.read_paths(names) == files.read_paths(', '.join(names)) == names
        assert files.read_paths([]) == files.read_paths('') == []

    @pytest.mark.parametrize(
        'value, words',
        [
            ('{0}/a.pdf', 'ends in .html or .json or .csv'),
            ('{0}/none/a.html', 'There is no folder'),
            ('{0}/folder.html', 'is a folder'),
            (7, 'is a path, or a list'),
            ([7], 'is a path, or a list'),
        ],
    )
    def test_that_cannot_be_written_are_named(self, tmp_path, value, words):
        (tmp_path / 'folder.html').mkdir()
        with pytest.raises(files.BadPath) as caught:
            files.read_paths(value.format(tmp_path) if isinstance(value, str) else value)
        assert words in str(caught.value)

    def test_are_for_their_owner_alone(self, tmp_path):
        path = tmp_path / 'a.html'
        path.write_text('old')
        files.write_file(str(path), 'new\r\n')
        assert path.read_bytes() == b'new\r\n' and [path] == list(tmp_path.iterdir())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_are_whole_or_as_before(self, tmp_path):
        path = tmp_path / 'a.html'
        path.write_text('old')
        with pytest.raises(UnicodeEncodeError):
            files.write_file(str(path), '\udcff')
        assert path.read_text() == 'old' and [path] == list(tmp_path.iterdir())
