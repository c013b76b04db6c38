# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import itertools

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._layouts import mods_enabled as layout
from ansible_collections.webops.apache.plugins.module_utils._plan import (
    directives,
    outlook,
    planner,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    active_directives,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

NO_PHP = '/etc/apache2/conf-available/webops-no-php.conf'
FPM = {
    '/etc/apache2/conf-enabled/php8.2-fpm.conf': hosts.fixture(
        'php8.2-fpm.conf', 'mods_enabled/debian12'
    ),
    layout.ENABLED + '/proxy_fcgi.load': u'LoadModule proxy_fcgi_module '
    u'/usr/lib/apache2/modules/mod_proxy_fcgi.so\n',
}


KNOWN = {}


def problems(disk):
    """Why httpd would not start with a disk, or would run PHP where it is not safe.

    Many cases come by the same disks.
    """
    key = frozenset(disk.items())
    if key not in KNOWN:
        KNOWN[key] = find_problems(disk)
    return KNOWN[key]


def find_problems(disk):
    dangling = [
        path for path in disk if '-enabled/' in path and hosts.content_of(disk, path) is None
    ]
    active = active_directives(
        hosts.debian_tree(disk), outlook.world_of(hosts.debian_host(), 'prefork')
    )
    loaded = set(item.args[0] for item in active if item.name == 'loadmodule')
    found = [mpm for mpm in model.MPMS if 'mpm_%s_module' % mpm in loaded]
    if len(found) != 1 or dangling:
        return ['MPMs %s, dangling %s' % (found, dangling)]
    unknown = [
        item.name
        for item in active
        if directives.modern_name(item.name) not in [None] + list(directives.RANGES[found[0]])
    ]
    unknown += [
        item.name for item in active if item.name == 'scriptsock' and 'cgid_module' not in loaded
    ]
    unknown += [
        item.name
        for item in active
        if outlook.PHP_SETTING.match(item.name) and 'php_module' not in loaded
    ]
    return unknown + (['php'] if 'php_module' in loaded and found[0] in model.THREADED else [])


def moved(disk, moves):
    """Each disk after one more rename."""
    disk, found = dict(disk), []
    for move in moves:
        assert disk.get(move.path) == move.before
        disk = dict(
            (path, value)
            for path, value in dict(disk, **{move.path: move.after}).items()
            if value is not None
        )
        found.append(disk)
    return found


def switched(disk, mpm, php=None, running='same', **others):
    """The plan, and the disk after it."""
    plan = planner.build_plan(
        hosts.debian_host(disk, running, **others), hosts.wanted(mpm, php=php)
    )
    assert [finding.rule for finding in planner.refused(plan)] == []
    return plan, (moved(disk, plan.moves) or [disk])[-1]


def without_marks(disk):
    return dict((path, value) for path, value in disk.items() if not path.startswith(layout.MARKS))


LOAD = u'LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so\n'
TUNED = u'StartServers 5\nMaxRequestWorkers 700\n'
MAIN_TEXT = hosts.debian_disk()[hosts.DEBIAN_MAIN]
PREFORK_LOAD, PREFORK_CONF = [layout.ENABLED + '/mpm_prefork' + part for part in layout.PARTS]
BY_LINE = {PREFORK_LOAD: None, PREFORK_CONF: None, hosts.DEBIAN_MAIN: LOAD + MAIN_TEXT}
# What people have in the place of the stock links of prefork: {path: text, Link, or None}.
ENTRIES = {
    'settings in a file': {PREFORK_CONF: TUNED},
    'a link to settings elsewhere': {
        PREFORK_CONF: model.Link('/srv/apache/prefork.conf'),
        '/srv/apache/prefork.conf': TUNED,
    },
    'a relative link elsewhere': {
        PREFORK_CONF: model.Link('../../../srv/apache/prefork.conf'),
        '/srv/apache/prefork.conf': TUNED,
    },
    'an absolute link': {PREFORK_LOAD: model.Link(layout.AVAILABLE + '/mpm_prefork.load')},
    'both files': {PREFORK_LOAD: LOAD, PREFORK_CONF: TUNED},
    'no settings': {PREFORK_CONF: None},
    'settings that are empty': {PREFORK_CONF: model.Link('/srv/none.conf'), '/srv/none.conf': u''},
    'a name of another tool': {PREFORK_LOAD: None, layout.ENABLED + '/prefork.load': LOAD},
    'one file for all of it': {
        PREFORK_LOAD: None,
        PREFORK_CONF: None,
        layout.ENABLED + '/00-mpm.load': LOAD + u'<IfModule prefork.c>\n%s</IfModule>\n' % TUNED,
    },
    'twice': {layout.ENABLED + '/00-mpm.load': LOAD},
    'a line in the main file': BY_LINE,
    'a line in the main file, settings here': {
        PREFORK_LOAD: None,
        hosts.DEBIAN_MAIN: LOAD + MAIN_TEXT,
    },
    'a line among others': {
        PREFORK_LOAD: None,
        layout.ENABLED + '/00-mods.load': LOAD + u'LoadModule info_module mod_info.so\n',
    },
    'PHP by another name': {
        layout.ENABLED + '/php8.2.load': None,
        layout.ENABLED + '/php8.2.conf': None,
        layout.ENABLED + '/php.load': hosts.debian_disk()[layout.AVAILABLE + '/php8.2.load'],
    },
    'settings of PHP in a file': {layout.ENABLED + '/php8.2.conf': u'php_flag engine on\n'},
}


def changed(changes, **others):
    """The disk of a Debian host as people have it."""
    disk = dict(hosts.debian_disk(**others), **changes)
    return dict((path, value) for path, value in disk.items() if value is not None)


WAYS = [(start, end) for start in model.MPMS for end in model.MPMS]
# Marks are files beside all that is read, and guards go with either kind of .conf: neither needs to
# meet every other choice.
CASES = [
    (start, running, end, php, cgi, cgi == php, cgi)
    for (start, end), running, php, cgi in itertools.product(
        WAYS, ['same', None] + list(model.MPMS), [True, False], [True, False]
    )
    if (start != end or running in model.MPMS)
    and (not php or start == 'prefork' and running in ('same', None, 'prefork'))
]


@pytest.mark.parametrize('start, running, end, php, cgi, guarded, marks', CASES)
def test_the_disk_boots_after_every_rename_and_every_undo(
    start, running, end, php, cgi, guarded, marks
):
    disk = hosts.debian_disk(start, php, cgi, guarded, marks)
    assert problems(disk) == []
    plan, _end = switched(disk, end, 'none' if php else None, running)
    disks = moved(disk, plan.moves)
    assert [problems(one) for one in disks] == [[]] * len(disks)
    for number in range(len(disks)):
        undone = [
            move._replace(before=move.after, after=move.before)
            for move in reversed(plan.moves[: number + 1])
        ]
        assert moved(disks[number], undone)[-1] == disk
    last = (disks or [disk])[-1]
    assert all(
        isinstance(value, model.Link)
        for path, value in last.items()
        if path.startswith(layout.ENABLED)
    )
    assert hosts.debian_host(last).choice.mpm == end


@pytest.mark.parametrize('php', [True, False])
@pytest.mark.parametrize('cgi', [True, False])
@pytest.mark.parametrize('start, end', [way for way in WAYS if way[0] != way[1]])
def test_there_and_back_is_the_start(start, end, cgi, php):
    disk = hosts.debian_disk(start, php and start == 'prefork', cgi)
    there = switched(disk, end, 'none')[1]
    assert there != disk and without_marks(switched(there, start)[1]) == without_marks(disk)


@pytest.mark.parametrize('mpm', model.THREADED)
@pytest.mark.parametrize('name', sorted(ENTRIES))
class TestEntriesOfPeople:
    def test_come_back_as_they_were(self, name, mpm):
        disk = changed(ENTRIES[name])
        there = switched(disk, mpm, 'none')[1]
        assert hosts.debian_host(there).choice.mpm == mpm
        assert without_marks(switched(there, 'prefork')[1]) == without_marks(disk)

    def test_are_not_lost_by_a_second_way(self, name, mpm):
        disk, other = changed(ENTRIES[name]), {'worker': 'event', 'event': 'worker'}[mpm]
        there = switched(switched(disk, mpm, 'none')[1], other)[1]
        assert without_marks(switched(there, 'prefork')[1]) == without_marks(disk)

    def test_boot_after_every_rename(self, name, mpm):
        disk = changed(ENTRIES[name])
        plan, there = switched(disk, mpm, 'none')
        assert [problems(one) for one in moved(disk, plan.moves)] == [[]] * len(plan.moves)
        back = switched(there, 'prefork')[0]
        assert [problems(one) for one in moved(there, back.moves)] == [[]] * len(back.moves)


class TestWaiting:
    KEPT = layout.AVAILABLE + '/mpm_prefork.conf.webops-kept'

    def test_what_moves_keeps_its_mode(self):
        disk = changed({PREFORK_CONF: TUNED})
        plan, there = switched(disk, 'event', 'none')
        assert [move.like for move in plan.moves if move.real == self.KEPT] == [PREFORK_CONF]
        back = switched(there, 'prefork')[0]
        assert [m.like for m in back.moves if m.path == PREFORK_CONF] == [self.KEPT] * 2

    def test_a_folder_of_somebody_else_is_refused(self):
        state = hosts.debian_host(changed({PREFORK_CONF: TUNED}))
        folder, whose = layout.AVAILABLE, 'it belongs to user 48'
        theirs = {folder: model.PathFacts(folder, folder, whose, 'utf-8')}
        state = hosts.changed(state, paths=dict(state.disk.paths, **theirs))
        plan = planner.build_plan(state, hosts.wanted('event', 'none'))
        assert 'unsafe_paths' in [finding.rule for finding in planner.refused(plan)]

    def test_what_is_there_already_stays(self):
        disk = changed({layout.ENABLED + '/mpm_event.conf': u'<IfModule event.c>\n</IfModule>\n'})
        there = switched(disk, 'event', 'none')[1]
        path = layout.ENABLED + '/mpm_event.conf'
        assert there[path] == disk[path]

    def test_settings_of_others_behind_guards_stay(self):
        path = layout.ENABLED + '/mpm_worker.conf'
        disk = changed({path: u'<IfModule worker.c>\nThreadLimit 9\n</IfModule>\n'})
        there = switched(disk, 'event', 'none')[1]
        assert there[path] == disk[path]
        assert without_marks(switched(there, 'prefork')[1]) == without_marks(disk)

    def test_a_link_that_leads_nowhere_makes_way(self):
        disk = changed({layout.ENABLED + '/mpm_event.load': model.Link('../gone/mpm_event.load')})
        there = switched(disk, 'event', 'none')[1]
        assert hosts.debian_host(there).choice.mpm == 'event'

    def test_an_older_one_is_kept_under_a_number(self):
        there = switched(changed({PREFORK_CONF: TUNED}), 'event', 'none')[1]
        # Somebody ran a2dismod and a2enmod meanwhile.
        by_hand = dict(hosts.debian_disk(), **dict((k, there[k]) for k in there if 'kept' in k))
        again = switched(by_hand, 'event', 'none')[1]
        assert again[self.KEPT + '.1'] == TUNED and self.KEPT not in again
        assert switched(again, 'prefork')[1][PREFORK_CONF] == hosts.debian_disk()[PREFORK_CONF]

    def test_no_marks_are_made_of_what_a2enmod_does_not_know(self):
        disk = changed(ENTRIES['a name of another tool'])
        there = switched(disk, 'event', 'none')[1]
        assert not [
            path
            for path in there
            if path.startswith(layout.MARKS)
            and 'prefork' in path
            and not path.endswith('mpm_prefork')
        ]


class TestFoldersThatAreLinks:
    @pytest.mark.parametrize(
        'folder, target',
        [
            ('/etc/apache2/mods-enabled', '../mods-available/mpm_event.load'),
            ('/srv/apache2/mods-enabled', '/etc/apache2/mods-available/mpm_event.load'),
            ('/srv/enabled', '/etc/apache2/mods-available/mpm_event.load'),
            ('/etc/apache2/site-mods', '../mods-available/mpm_event.load'),
        ],
    )
    def test_links_are_made_where_they_lead(self, folder, target):
        state = hosts.debian_host()
        state.disk.paths[layout.ENABLED] = model.PathFacts(layout.ENABLED, folder, None, 'utf-8')
        plan = planner.build_plan(state, hosts.wanted('event', php='none'))
        made = [edit for edit in plan.edits if edit.path == layout.ENABLED + '/mpm_event.load']
        assert [(e.real, e.after.target) for e in made] == [(folder + '/mpm_event.load', target)]


class TestReading:
    @pytest.mark.parametrize('mpm', model.MPMS)
    def test_the_choice_is_the_link_that_loads(self, mpm):
        choice = hosts.debian_host(hosts.debian_disk(mpm)).choice
        assert (choice.mpm, choice.path, choice.unclear) == (
            mpm,
            '%s/mpm_%s.load' % (layout.ENABLED, mpm),
            None,
        )

    def test_modules_are_those_that_wait(self):
        assert hosts.debian_host().installed.mpm_modules == dict(
            (mpm, '/usr/lib/apache2/modules/mod_mpm_%s.so' % mpm) for mpm in model.MPMS
        )

    def test_a_line_elsewhere_is_the_choice(self):
        choice = hosts.debian_host(changed(BY_LINE)).choice
        assert (choice.mpm, choice.path, choice.unclear) == ('prefork', hosts.DEBIAN_MAIN, None)


class TestModules:
    def test_drop_takes_both_links_and_restore_brings_them(self):
        state = hosts.debian_host()
        tree = layout.drop(state.tree, layout.ENABLED + '/php8.2.load')
        assert set(state.tree.files) - set(tree.files) == set(
            layout.ENABLED + '/php8.2' + part for part in layout.PARTS
        )
        assert layout.LAYOUT.restore(state, tree, 'php8.2') == state.tree
        assert layout.drop(state.tree, hosts.DEBIAN_MAIN) is None

    @pytest.mark.parametrize(
        'mpm, found', [('prefork', []), ('worker', [('php8.2', 'mpm_prefork')])]
    )
    def test_dependants_say_what_they_need(self, mpm, found):
        assert layout.dependants(hosts.debian_host().tree, mpm) == found

    @pytest.mark.parametrize(
        'kinds',
        [[], ['enabled_by_maint'], ['disabled_by_admin', 'disabled_by_maint'], list(layout.KINDS)],
    )
    def test_marks_are_those_of_a2enmod(self, kinds):
        disk = dict(
            hosts.debian_disk(marks=False),
            **dict(
                ('%s/%s/%s' % (layout.MARKS, kind, module), u'')
                for kind in kinds
                for module in ('mpm_prefork', 'mpm_event', 'rewrite')
            )
        )
        marks = set(
            path for path in switched(disk, 'event', 'none')[1] if path.startswith(layout.MARKS)
        )
        assert marks == set(
            [
                '%s/enabled_by_admin/mpm_event' % layout.MARKS,
                '%s/disabled_by_admin/mpm_prefork' % layout.MARKS,
                '%s/disabled_by_admin/php8.2' % layout.MARKS,
            ]
            + ['%s/%s/rewrite' % (layout.MARKS, kind) for kind in kinds]
        )

    @pytest.mark.parametrize(
        'text',
        [
            u'LoadModule mpm_itk_module modules/itk.so\n',
            u'# Depends: mpm_prefork\nLoadModule x_module x.so\n',
        ],
    )
    def test_a_module_that_needs_prefork_is_refused(self, text):
        disk = hosts.debian_disk(php=False, more={layout.ENABLED + '/x.load': text})
        plan = planner.build_plan(hosts.debian_host(disk), hosts.wanted('event'))
        assert [finding.rule for finding in planner.refused(plan)] == ['module_needs_prefork']


class TestPhp:
    @pytest.mark.parametrize('php', [None, 'keep', 'zts'])
    @pytest.mark.parametrize('mpm', model.THREADED)
    def test_what_is_not_thread_safe_is_refused(self, mpm, php):
        plan = planner.build_plan(hosts.debian_host(), hosts.wanted(mpm, php=php))
        assert [finding.rule for finding in planner.refused(plan)] == ['php_not_threadsafe']

    @pytest.mark.parametrize('mpm', model.THREADED)
    def test_none_denies_and_prefork_brings_it_back(self, mpm):
        disk = hosts.debian_disk()
        plan, there = switched(disk, mpm, 'none')
        assert there[layout.DENIAL[0]] == model.Link(layout.DENIAL[1]) and NO_PHP in there
        assert plan.target.php.modules == []
        assert [one.then.how for one in plan.mappings if one.name == 'page.php'] == [
            model.DENIED_BY_US
        ]
        back = switched(there, 'prefork')[1]
        assert (
            NO_PHP not in back
            and layout.DENIAL[0] not in back
            and layout.ENABLED + '/php8.2.load' in back
        )

    def test_with_fpm_nothing_is_denied_nor_lost(self):
        plan, there = switched(hosts.debian_disk(more=FPM), 'event', 'none')
        assert NO_PHP not in there and plan.target.php.proxied
        # FPM runs it now, too: Debian's guard knows no module of PHP 8.
        assert [finding.rule for finding in plan.findings if finding.rule.startswith('php')] == []

    def test_with_fpm_there_and_back_is_the_start(self):
        disk = hosts.debian_disk(more=FPM)
        assert without_marks(
            switched(switched(disk, 'event', 'none')[1], 'prefork')[1]
        ) == without_marks(disk)

    @pytest.mark.parametrize(
        'mark, php, back',
        [
            ('disabled_by_admin', None, True),
            ('disabled_by_admin', 'keep', False),
            ('disabled_by_admin', 'none', False),
        ],
    )
    def test_with_fpm_only_the_default_brings_mod_php_back(self, mark, php, back):
        there = switched(hosts.debian_disk(more=FPM), 'event', 'none')[1]
        assert there['%s/%s/php8.2' % (layout.MARKS, mark)] == layout.OURS
        plan, disk = switched(there, 'prefork', php)
        assert (layout.ENABLED + '/php8.2.load' in disk) is back
        assert bool(plan.target.php.modules) is back and plan.target.php.proxied

    @pytest.mark.parametrize('text', [u'', None])
    def test_with_fpm_what_somebody_disabled_by_hand_stays_disabled(self, text):
        there = switched(hosts.debian_disk(more=FPM), 'event', 'none')[1]
        # a2enmod removes the mark, a2dismod makes an empty one.
        by_hand = dict(there, **{layout.MARKS + '/disabled_by_admin/php8.2': text})
        plan, disk = switched(
            dict((path, value) for path, value in by_hand.items() if value is not None), 'prefork'
        )
        assert (
            layout.ENABLED + '/php8.2.load' not in disk
            and plan.target.php.modules == []
            and plan.target.php.proxied
        )

    def test_with_fpm_and_prefork_nothing_comes_that_nobody_took_away(self):
        disk = hosts.debian_disk(php=False, more=FPM)
        assert without_marks(switched(switched(disk, 'event')[1], 'prefork')[1]) == without_marks(
            disk
        )

    def test_a_package_that_is_gone_is_not_brought_back(self):
        there = switched(hosts.debian_disk(more=FPM), 'event', 'none')[1]
        gone = dict(
            (path, value)
            for path, value in there.items()
            if not path.startswith(layout.AVAILABLE + '/php')
        )
        assert layout.ENABLED + '/php8.2.load' not in switched(gone, 'prefork')[1]
