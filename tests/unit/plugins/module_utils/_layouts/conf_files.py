# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Configurations that load their MPM, in every spelling, for the tests of the layout."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.webops.apache.plugins.module_utils._layouts import loadmodule as layout
from ansible_collections.webops.apache.plugins.module_utils._model import MPMS
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

OTHER_CONF = '/etc/httpd/conf.modules.d/99-mpm-again.conf'
BASE_CONF = '/etc/httpd/conf.modules.d/00-base.conf'
LATE_CONF = '/etc/httpd/conf.d/mpm.conf'
TUNING = (
    u'<IfModule mpm_prefork_module>\n  StartServers 5\n  MaxRequestWorkers 100\n</IfModule>\n'
    u'<IfModule worker.c>\n  ThreadsPerChild 25\n</IfModule>\n<IfModule !prefork.c>\n  ThreadLimit '
    u'64\n</IfModule>\n'
)


def load(mpm, path=u'modules/mod_mpm_%s.so', form=u'LoadModule mpm_%s_module %s\n'):
    return form % (mpm, path % mpm)


def stock(active=u'event', form=u'%s'):
    """The three lines of a stock file, one of them without the sign; form: of those with it."""
    return u''.join(load(mpm) if mpm == active else form % (u'#' + load(mpm)) for mpm in MPMS)


def guarded(*lines):
    """Each MPM only where none before it was loaded."""
    return lines[0] + u''.join(
        u'<IfModule !mpm_prefork_module>\n<IfModule !mpm_worker_module>\n  %s</IfModule>\n'
        u'</IfModule>\n' % line
        for line in lines[1:]
    )


# name: (the MPM that is active, files besides a stock httpd.conf). Each has exactly one active
# line.
ONE = {
    'EL7': ('prefork', {hosts.MPM_CONF: hosts.EL7_MPM}),
    'EL9': ('event', {hosts.MPM_CONF: hosts.EL9_MPM}),
    'one line': ('worker', {hosts.MPM_CONF: load(u'worker')}),
    'tuning behind it': ('prefork', {hosts.MPM_CONF: hosts.EL7_MPM + TUNING}),
    'tuning before it': ('event', {hosts.MPM_CONF: TUNING + load(u'event') + TUNING}),
    'in httpd.conf': ('event', {hosts.MAIN: load(u'event') + hosts.EL_HTTPD}),
    'in httpd.conf, the others wait there': (
        'event',
        {hosts.MAIN: hosts.EL_HTTPD.replace(u'Listen 80\n', stock() + u'Listen 80\n')},
    ),
    'in conf.d': ('worker', {LATE_CONF: u'# ours\n' + load(u'worker')}),
    'in conf.d, the others wait elsewhere': (
        'worker',
        {LATE_CONF: load(u'worker'), hosts.MPM_CONF: stock(None)},
    ),
    'CR LF': ('event', {hosts.MPM_CONF: hosts.EL9_MPM.replace(u'\n', u'\r\n')}),
    'CR LF, one line': ('event', {hosts.MPM_CONF: load(u'event').replace(u'\n', u'\r\n')}),
    'no last newline': ('event', {hosts.MPM_CONF: stock().rstrip()}),
    'no last newline, one line': ('prefork', {hosts.MPM_CONF: load(u'prefork').rstrip()}),
    'indented, one line': ('worker', {hosts.MPM_CONF: u' \t' + load(u'worker')}),
    'absolute paths': (
        'event',
        {hosts.MPM_CONF: stock().replace(u'modules/', u'/usr/lib64/httpd/modules/')},
    ),
    'absolute path, one line': (
        'event',
        {hosts.MPM_CONF: load(u'event', u'/opt/httpd/modules/mod_mpm_%s.so')},
    ),
    'the others over two lines': (
        'prefork',
        {
            hosts.MPM_CONF: load(u'prefork')
            + u'#LoadModule mpm_event_module \\\n  modules/mod_mpm_event.so\n'
        },
    ),
    'signs in a row': ('prefork', {hosts.MPM_CONF: stock(u'prefork', u'#%s')}),
    'behind guards': ('event', {hosts.MPM_CONF: guarded(u'# modules\n', load(u'event'))}),
    'quoted, the others wait': (
        'event',
        {hosts.MPM_CONF: stock().replace(u'so\n', u'so"\n').replace(u'modules/', u'"modules/')},
    ),
    'two blanks and a tab': (
        'prefork',
        {hosts.MPM_CONF: load(u'prefork', form=u'LoadModule  mpm_%s_module\t%s  \n')},
    ),
    'other letters': (
        'worker',
        {hosts.MPM_CONF: stock(u'worker').replace(u'LoadModule', u'LOADmodule')},
    ),
    'only with a name that is defined': (
        'event',
        {hosts.MPM_CONF: u'Define MPM\n<IfDefine MPM>\n%s</IfDefine>\n' % load(u'event')},
    ),
    'a folder in a variable': (
        'event',
        {hosts.MPM_CONF: u'Define LIB modules\n' + load(u'event', u'${LIB}/mod_mpm_%s.so')},
    ),
    'other modules around it': (
        'prefork',
        {
            hosts.MPM_CONF: load(u'prefork') + u'#LoadModule unixd_module modules/mod_unixd.so\n',
            OTHER_CONF: u'LoadModule dir_module modules/mod_dir.so\n#' + load(u'event'),
        },
    ),
}
# As above, but the signs of those that wait stand behind blanks; a sign that is put there goes to
# the beginning of the line.
BLANKS = {
    'indented': (
        'event',
        {hosts.MPM_CONF: u''.join(u'\t  ' + line for line in stock().splitlines(True))},
    ),
    'signs and blanks': (
        'prefork',
        {hosts.MPM_CONF: stock(u'prefork').replace(u'#Load', u'  # \tLoad')},
    ),
    'behind guards, the others wait there': (
        'worker',
        {hosts.MPM_CONF: guarded(*[u'# modules\n'] + stock(u'worker').splitlines(True))},
    ),
}
# The same with more than one active line, or with none.
ODD = {
    'none at all': {},
    'no line': {hosts.MPM_CONF: u'# MPM\n'},
    'none active': {hosts.MPM_CONF: stock(None)},
    'none active, in a file of another name': {BASE_CONF: stock(None)},
    'none active, indented': {hosts.MPM_CONF: u' ' + stock(None).replace(u'\n', u'\n ')},
    'none active, CR LF': {hosts.MPM_CONF: stock(None).replace(u'\n', u'\r\n')},
    'none active, signs in a row': {hosts.MPM_CONF: u'#' + stock(None).replace(u'\n#', u'\n##')},
    'none active, but tuned': {hosts.MPM_CONF: TUNING},
    'one in a branch that is not read': {
        hosts.MPM_CONF: u'<IfDefine NO>\n%s</IfDefine>\n' % load(u'event')
    },
    'twice in one file': {hosts.MPM_CONF: hosts.EL9_MPM + load(u'event')},
    'in a comment and twice': {
        hosts.MPM_CONF: u'#' + load(u'event') + load(u'event'),
        LATE_CONF: load(u'event'),
    },
    'twice in two files': {hosts.MPM_CONF: hosts.EL7_MPM, OTHER_CONF: load(u'prefork')},
    'two in one file': {hosts.MPM_CONF: hosts.EL7_MPM + load(u'worker')},
    'two in two files': {hosts.MPM_CONF: hosts.EL9_MPM, OTHER_CONF: load(u'prefork')},
    'two, and one over two lines': {
        hosts.MPM_CONF: hosts.EL9_MPM,
        OTHER_CONF: u'LoadModule mpm_prefork_module \\\n modules/mod_mpm_prefork.so\n',
    },
    'all three': {hosts.MPM_CONF: u''.join(load(mpm) for mpm in MPMS)},
    'all three in three files': {
        hosts.MPM_CONF: load(u'event'),
        OTHER_CONF: load(u'prefork'),
        LATE_CONF: load(u'worker'),
    },
}
ALL = dict(
    ODD,
    **dict((name, files) for name, (_active, files) in list(ONE.items()) + list(BLANKS.items()))
)


def host(files, **changes):
    changes.setdefault('mpm_conf', u'# nothing here\n')
    state = hosts.el9_host(running=None, more=sorted(files.items()), **changes)
    reading = hosts.reading_of(state.tree, {}, {hosts.HTTPD: hosts.SHARED}, hosts.HTTPD, '2.4.62')
    modules = dict((mpm, paths[0]) for mpm, (_program, paths) in layout.mpms(reading).items())
    return hosts.changed(state, mpm_modules=modules)


def loaded(state, tree):
    """The MPM of each active line."""
    return [layout.mpm_of(item) for item in layout.active_lines(tree, layout.world_of(state))]
