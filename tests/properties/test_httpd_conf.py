"""Whatever a configuration looks like: nothing is lost in reading it, and an edit touches only
what it means to.
"""

from ansible_collections.webops.apache.plugins.module_utils._model import MPMS, ConfigTree
from ansible_collections.webops.apache.plugins.module_utils._syntax import httpd_conf
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
    static_names,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_conf import (
    COMMENT,
    DIRECTIVE,
    parse_lines,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.lines import (
    body_of,
    insert_lines,
    line_end,
    replace_line,
    split_lines,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

bounded = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

anything = st.text(st.characters(max_codepoint=255, exclude_characters='\0'), max_size=60)
words = st.sampled_from(
    [
        'LoadModule',
        'php5_module',
        'modules/libphp5.so',
        '<IfModule',
        '</IfModule>',
        'prefork.c>',
        '!worker.c>',
        'Define',
        'X',
        '${X}',
        '<IfDefine',
        '!X>',
        'Include',
        '#',
        '"',
        "'",
        '\\',
        '\\\n',
        '\\\r\n',
        '\n',
        '\n',
        '\r\n',
        ' ',
        '\t',
        '\xa0',
        '\x85',
        'MaxClients',
        '300',
        '>',
        '<',
        'a',
    ]
)
soups = st.lists(words, max_size=30).map(' '.join)
texts = st.one_of(anything, soups)
# A configuration of whole blocks, each with its sections closed.
blocks = st.recursive(
    st.sampled_from(
        [
            'Mark %d',
            '#Mark %d',
            'LoadModule php5_module x',
            'Define X',
            'UnDefine X',
            '',
            '# c \\\nMark %d',
        ]
    ).map(lambda line: line + '\n'),
    lambda inner: st.builds(
        lambda condition, lines: (
            '<%s>\n%s</%s>\n' % (condition, ''.join(lines), condition.split()[0])
        ),
        st.sampled_from(
            [
                'IfModule prefork.c',
                'IfModule !worker.c',
                'IfModule mod_php5.c',
                'IfDefine X',
                'IfDefine !X',
                'Directory /',
                'IfVersion >= 2.4',
            ]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)
configurations = st.lists(blocks, max_size=8).map(''.join)


def active(text, mpm):
    tree = ConfigTree('/main', '/', {'/main': text}, {}, frozenset())
    return active_directives(
        tree, World(static_names(['core.c', 'mod_so.c', 'http_core.c', mpm + '.c']), [], '2.4.68')
    )


class TestSplitLines:
    @bounded
    @given(texts)
    def test_loses_nothing(self, text):
        assert ''.join(split_lines(text)) == text
        assert all(line.count('\n') == line.endswith('\n') for line in split_lines(text))


class TestInsertLines:
    @bounded
    @given(
        texts, st.integers(0, 100), st.lists(st.sampled_from(['x', 'y z']), min_size=1, max_size=3)
    )
    def test_keeps_what_was_there(self, text, where, added):
        after = where % (len(split_lines(text)) + 1)
        lines = split_lines(insert_lines(text, after, added))
        assert [body_of(line) for line in lines[after : after + len(added)]] == added
        assert [body_of(line) for line in lines[:after] + lines[after + len(added) :]] == [
            body_of(line) for line in split_lines(text)
        ]
        assert not text or text.endswith('\n') == lines[-1].endswith('\n')


class TestReplaceLine:
    @bounded
    @given(texts, st.integers(0, 100))
    def test_touches_one_line(self, text, number):
        assume(text)
        lines = split_lines(text)
        number %= len(lines)
        written = split_lines(replace_line(text, number + 1, 'x'))
        assert written == lines[:number] + ['x' + line_end(lines[number])] + lines[number + 1 :]


class TestParseLines:
    @bounded
    @given(texts)
    def test_counts_every_line_once(self, text):
        parsed = parse_lines(text)
        assert sum(line.count for line in parsed) == len(split_lines(text))
        assert [line.number for line in parsed] == [
            1 + sum(before.count for before in parsed[:i]) for i in range(len(parsed))
        ]

    @bounded
    @given(texts)
    def test_does_not_depend_on_the_kind_of_line_end(self, text):
        text = text.replace('\r', '')
        assert parse_lines(text.replace('\n', '\r\n')) == parse_lines(text)


class TestEdits:
    @bounded
    @given(texts)
    def test_of_an_argument_change_it_alone(self, text):
        directives = [
            line
            for line in parse_lines(text)
            if line.kind == DIRECTIVE
            and line.count == 1
            and line.args
            and not line.text.endswith('\\')
        ]
        assume(directives)
        for line in directives:
            written = httpd_conf.replace_argument(text, line, len(line.args) - 1, '9')
            assert set(
                i
                for i, (old, new) in enumerate(zip(split_lines(text), split_lines(written)), 1)
                if old != new
            ) <= {line.number}
            again = [new for new in parse_lines(written) if new.number == line.number][0]
            assert (again.name, again.args[-1:], len(again.args)) == (
                line.name,
                ['9'],
                len(line.args),
            )
            assert again.args[:-1] == line.args[:-1]

    @bounded
    @given(texts)
    def test_of_a_directive_take_it_out_and_put_it_back(self, text):
        for line in parse_lines(text):
            if line.kind == DIRECTIVE:
                without = httpd_conf.comment_lines(text, line)
                comment = [new for new in parse_lines(without) if new.number == line.number][0]
                assert (comment.kind, comment.count) == (COMMENT, line.count)
                assert httpd_conf.uncomment_line(without, comment) == text

    @bounded
    @given(configurations, st.sampled_from(MPMS))
    def test_at_the_end_are_read_last(self, text, mpm):
        written = httpd_conf.append_lines(text, ['<IfModule %s.c>' % mpm, 'Last 1', '</IfModule>'])
        assert written.startswith(text)
        assert active(written, mpm)[-1].name == 'last'
        assert not [
            item
            for other in MPMS
            if other != mpm
            for item in active(written, other)
            if item.name == 'last'
        ]

    @bounded
    @given(configurations, st.sampled_from(MPMS), st.integers(0, 100))
    def test_around_a_line_take_it_from_the_other_mpms(self, text, mpm, number):
        lines = [line for line in parse_lines(text) if line.name == 'mark']
        assume(lines)
        line = lines[number % len(lines)]
        written = httpd_conf.wrap_lines(
            text, line.number, line.number + line.count - 1, '<IfModule %s.c>' % mpm, '</IfModule>'
        )

        for other in MPMS:
            before = [item.line.number for item in active(text, other) if item.name == 'mark']
            after = [item.line.number for item in active(written, other) if item.name == 'mark']
            there = [
                number + (number >= line.number) + (number > line.number)
                for number in before
                if other == mpm or number != line.number
            ]
            assert after == there


class TestActiveDirectives:
    @bounded
    @given(configurations, st.sampled_from(MPMS))
    def test_are_those_whose_conditions_hold(self, text, mpm):
        assert [item.line.number for item in active(text, mpm)] == expected(text, mpm)

    @bounded
    @given(texts)
    def test_may_be_asked_for_in_any_text(self, text):
        for item in active(text, 'worker'):
            assert item.line.kind == DIRECTIVE

    @bounded
    @given(configurations, st.sampled_from(MPMS), st.sampled_from(['\r\n', '\n']))
    def test_do_not_depend_on_case_or_line_ends(self, text, mpm, end):
        changed = (
            text.replace('<If', '<iF')
            .replace('</If', '</IF')
            .replace('Mark', 'MARK')
            .replace('\n', end)
        )
        assert [item.line.number for item in active(changed, mpm)] == [
            item.line.number for item in active(text, mpm)
        ]


def expected(text, mpm):
    """Numbers of the active lines, by a second, simpler reading: a stack of truths, on texts
    with closed sections only.
    """
    php, defined, stack, found, skip = False, False, [True], [], False
    for number, line in enumerate(text.split('\n'), 1):
        if skip:
            skip = False
            continue
        skip = line.endswith('\\')
        truths = {
            'IfModule prefork.c': mpm == 'prefork',
            'IfModule !worker.c': mpm != 'worker',
            'IfModule mod_php5.c': php,
            'IfDefine X': defined,
            'IfDefine !X': not defined,
        }
        if line.startswith('</'):
            stack.pop()
        elif line.startswith('<'):
            stack.append(stack[-1] and truths.get(line.strip('<>'), True))
        elif line and not line.startswith('#') and stack[-1]:
            found.append(number)
            php = php or line.startswith('LoadModule')
            defined = (defined or line == 'Define X') and line != 'UnDefine X'
    return found
