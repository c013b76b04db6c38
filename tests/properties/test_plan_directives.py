# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What must hold of the directives after they were written, wherever the configuration had them
before.
"""

from ansible_collections.webops.apache.plugins.module_utils._model import MPMS
from ansible_collections.webops.apache.plugins.module_utils._plan import directives, outlook
from ansible_collections.webops.apache.plugins.module_utils._syntax import trees
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from hypothesis import given, settings
from hypothesis import strategies as st

BOUNDED = settings(max_examples=100, deadline=None)
NAMES = [
    'StartServers',
    'ServerLimit',
    'MaxClients',
    'MaxRequestWorkers',
    'maxrequestsperchild',
    'ThreadLimit',
    'ThreadsPerChild',
]
setting_lines = st.builds(
    '{}{} {}{}'.format,
    st.sampled_from(['', '  ', '#']),
    st.sampled_from(NAMES),
    st.integers(1, 500),
    st.sampled_from(['', ' ', '\t']),
)


def in_section(guard, lines):
    return ['<IfModule %s>' % guard] + lines + ['</IfModule>']


blocks = st.one_of(
    setting_lines.map(lambda line: [line]),
    st.just(['Listen 80']),
    st.builds(
        in_section,
        st.sampled_from(['prefork.c', 'worker.c', 'mpm_event_module', '!prefork.c']),
        st.lists(setting_lines, max_size=4),
    ),
)
texts = st.builds(
    lambda parts, end: '\n'.join(line for part in parts for line in part) + end,
    st.lists(blocks, max_size=6),
    st.sampled_from(['\n', '']),
)
wishes = st.sampled_from(MPMS).flatmap(
    lambda mpm: st.tuples(
        st.just(mpm),
        st.dictionaries(
            st.sampled_from(sorted(directives.RANGES[mpm])), st.integers(1, 20000), max_size=4
        ),
    )
)


def in_force(tree, mpm):
    return {
        name: setting.value
        for name, setting in outlook.look_ahead(
            hosts.el6_host()._replace(tree=tree), tree, mpm
        ).directives.items()
    }


def write(tree, mpm, wanted):
    settings_now = outlook.look_ahead(hosts.el6_host()._replace(tree=tree), tree, mpm).directives
    changed = directives.write_directives(tree, settings_now, wanted, mpm, '2.4.62')
    for path, text in changed.items():
        tree = trees.with_text(tree, path, text)
    return tree


@BOUNDED
@given(texts, texts, wishes)
def test_what_is_wanted_is_in_force_and_nothing_else_changes(main, extra, wish):
    mpm, wanted = wish
    tree = hosts.conf_tree(
        main + '\nInclude conf.d/*.conf\n', None, [('/etc/httpd/conf.d/x.conf', extra)]
    )
    new = write(tree, mpm, wanted)
    assert in_force(new, mpm) == dict(in_force(tree, mpm), **wanted)
    for other in MPMS:
        assert other == mpm or in_force(new, other) == in_force(tree, other)
    assert write(new, mpm, wanted) == new
