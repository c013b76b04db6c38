# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What must hold of php.conf after a switch, whatever it looked like before."""

from ansible_collections.webops.apache.plugins.module_utils._model import MPMS, THREADED
from ansible_collections.webops.apache.plugins.module_utils._plan import outlook, php, planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from hypothesis import assume, given, settings
from hypothesis import strategies as st

MAIN = 'Listen 80\nInclude conf.d/*.conf\n'
BOUNDED = settings(max_examples=100, deadline=None)
SO = {
    'php5': ('modules/libphp5.so', 'modules/libphp5-zts.so'),
    'odd': ('modules/libphp-5.5.so', 'modules/libphp-zts-5.5.so'),
}
GUARDS = (
    'prefork.c',
    'worker.c',
    'event.c',
    '!prefork.c',
    '!worker.c',
    '!event.c',
    'mpm_prefork_module',
    '!mod_php5.c',
    'itk.c',
)


@st.composite
def load_lines(draw):
    path = draw(st.sampled_from([name for pair in SO.values() for name in pair]))
    word = draw(st.sampled_from(['LoadModule', 'loadmodule']))
    form = draw(
        st.sampled_from(
            [
                '%s php5_module %s',
                '  %s php5_module  %s ',
                '%s php5_module "%s"',
                '%s php5_module \\\n  %s',
            ]
        )
    )
    comment = draw(st.sampled_from(['', '', '', '#', '# ', '##']))
    return comment + form % (word, path)


def guarded(inner):
    def wrap(guard, lines, comment):
        return [comment + '<IfModule %s>' % guard] + lines + [comment + '</IfModule>']

    return st.builds(wrap, st.sampled_from(GUARDS), inner, st.sampled_from(['', '', '', '#']))


prose = st.sampled_from(
    [
        '',
        '# PHP is an HTML-embedded scripting language',
        'DirectoryIndex index.php',
        'AddType text/html .php',
        '# LoadModule this_module is only an example',
    ]
)
piece = st.recursive(st.one_of(load_lines(), prose).map(lambda line: [line]), guarded, max_leaves=3)


@st.composite
def php_confs(draw):
    lines = [line for block in draw(st.lists(piece, max_size=4)) for line in block] + [
        'AddHandler php5-script .php'
    ]
    text = '\n'.join(lines) + draw(st.sampled_from(['\n', '']))
    return text.replace('\n', '\r\n') if draw(st.booleans()) else text


@st.composite
def php_hosts(draw):
    files = {}
    for nts, zts in SO.values():
        files['/etc/httpd/' + nts] = draw(st.sampled_from(['nts', 'nts', 'ts', 'missing']))
        files['/etc/httpd/' + zts] = draw(st.sampled_from(['ts', 'ts', 'nts', 'missing']))
    mpm = draw(st.sampled_from(MPMS))
    line = '' if mpm == 'prefork' else 'HTTPD=%s\n' % hosts.BINARIES[mpm]
    state = hosts.el6_host(
        httpd_conf=MAIN, php_conf=draw(php_confs()), sysconfig=line, php_files=files
    )
    return state._replace(build=state.build._replace(version='2.4.62'))


def look(state, mpm, tree=None):
    return outlook.look_ahead(state, tree or state.tree, mpm).php.modules


def usable(modules, mpm):
    return bool(modules) and all(
        m.thread_safety == 'ts' or (mpm not in THREADED and m.thread_safety != 'missing')
        for m in modules
    )


@BOUNDED
@given(php_hosts(), st.sampled_from(MPMS), st.sampled_from([None, 'zts', 'none']))
def test_what_is_not_refused_loads_only_php_that_fits(state, mpm, choice):
    plan = planner.build_plan(state, hosts.wanted(mpm, php=choice))
    assume(not planner.refused(plan) and plan.steps)
    assert not plan.target.php.modules or usable(plan.target.php.modules, mpm)
    assert choice != 'none' or plan.target.php.modules == []


@BOUNDED
@given(php_hosts(), st.sampled_from(MPMS), st.sampled_from([None, 'zts', 'none']))
def test_other_mpms_keep_the_php_that_they_could_use(state, mpm, choice):
    tree = php.write_php(state, mpm, choice)
    for other in MPMS:
        before = look(state, other)
        if other != mpm and usable(before, other):
            assert [m.path for m in look(state, other, tree)] == [m.path for m in before]


@BOUNDED
@given(php_hosts(), st.sampled_from(MPMS), st.sampled_from([None, 'zts', 'none']))
def test_a_second_time_nothing_changes(state, mpm, choice):
    wanted = hosts.wanted(mpm, php=choice)
    once = planner.build_plan(state, wanted)
    assume(not planner.refused(once))
    again = planner.build_plan(hosts.after(state, once), wanted)
    assert again.edits == [] and again.steps == []


@BOUNDED
@given(php_hosts(), st.sampled_from(MPMS), st.sampled_from([None, 'zts', 'none']))
def test_lines_that_were_there_survive_in_their_order_with_their_ends(state, mpm, choice):
    before, after = (
        state.tree.files[hosts.PHP_CONF],
        php.write_php(state, mpm, choice).files[hosts.PHP_CONF],
    )

    def key(line):
        return line.rstrip('\r').replace('#', '')

    rest = iter(after.split('\n'))
    for wanted in before.split('\n'):
        assert wanted == '' or any(key(line) == key(wanted) for line in rest), wanted
    if '\r\n' in before:
        assert '\n' not in after.replace('\r\n', '')
    assert after.endswith('\n') is before.endswith('\n')


@BOUNDED
@given(
    st.lists(prose, max_size=4),
    st.lists(prose, max_size=4),
    st.booleans(),
    st.sampled_from(THREADED),
)
def test_there_and_back_on_a_stock_file_is_the_same_to_the_byte_for_worker(above, below, crlf, mpm):
    text = '\n'.join(above + [hosts.STOCK_PHP] + below)
    text = text.replace('\n', '\r\n') if crlf else text
    state = hosts.el6_host(httpd_conf=MAIN, php_conf=text)
    there = hosts.after(state, planner.build_plan(state, hosts.wanted(mpm, accept=['old_event'])))
    back = hosts.after(there, planner.build_plan(there, hosts.wanted('prefork')))
    assert back.choice.mpm == 'prefork' and look(back, 'prefork') == look(state, 'prefork')
    if mpm == 'worker':
        assert (back.tree.files, back.choice.text) == (state.tree.files, state.choice.text)
