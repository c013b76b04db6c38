"""Whatever a file that a shell sources looks like: what we claim to know of it is so, and what
we do not mean to touch stays.
"""

import tempfile

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax import shell
from ansible_collections.webops.apache.plugins.module_utils._syntax.lines import (
    body_of,
    split_lines,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import bash, hosts
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

WORKER, EVENT = '/usr/sbin/httpd.worker', '/usr/sbin/httpd.event'
bounded = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
# Compared is what bash reads to its end without a fault; what follows a fault we call unclear where
# we see it.
need_bash = pytest.mark.skipif(not bash.BASH, reason='there is no bash to compare with')

# Lines as they are found in such files, right and wrong ones; none of them does anything but set
# and test variables.
LINES = (
    """
HTTPD=/a@HTTPD="/b"@HTTPD='/c'@export HTTPD=/d@  HTTPD=/e@	HTTPD=/f # c@HTTPD=/g;
HTTPD=/h; export HTTPD@HTTPD = /i@HTTPD=@HTTPD=""@HTTPD=/j#k
HTTPD=$A@HTTPD="/l $A"@HTTPD=/m A=1@HTTPD=/n :@HTTPD=/o && A=1@HTTPD=/p \\@HTTPD="/q@HTTPD=/r\\ s
HTTPD="/t\\u\\$"@HTTPD=~/v@HTTPD=/w{1,2}
unset HTTPD@HTTPD+=x@: ${HTTPD:=/y}@A=${HTTPD=/z}@read HTTPD@declare HTTPD=/A@A=1 HTTPD=/B
A=1; HTTPD=/C@eval HTTPD=/D@HTTPD=/a\rb # c
#HTTPD=/usr/sbin/httpd.worker@# HTTPD=/E@##HTTPD=/F@# it's@  # "HTTPD=/G@HTTPD_LANG=C@HTTPDCONF=/H
A="HTTPD=/I"@A='#'@A=b#c@A=1 # HTTPD=/J
if true; then@if false; then@elif true; then@else@fi@if :@then@case a in@a)@b )@*)@;;@esac
for i in 1 2; do@while false; do@until :; do@do@done@done; A=1
{@}@f() {@f()@function g {@f() { HTTPD=/K; }@f@(@)@(HTTPD=/L)@A=(1 2)@true &&@false ||@true &@: <<E
: <<-E@E@	E@A="@"@A='@'@A=\\@B=x \\@A=$(@`@A=`:@\\
return@return 0 # c@[ a ] || return@exit@[ -n "$HTTPD" ] && A=1@[ a = b ] && HTTPD=/M@true && {
false || if true; then@A="$(echo 'HTTPD=/N')"@A=$'it\\'s'
[[ a =~ ^(a|b)$ ]]@((A=1))@: >o 2>&1@A=1;;@;@&& A=1@!@time@echo done@echo fi }@: { a; }@A=if@set -a
export HTTPD@ulimit -c 0@HTTPD=/x\x0b@HTTPD\\@HTT\\@PD=/O
""".strip('\n')
    .replace('\n', '@')
    .split('@')
)
lines = st.lists(
    st.tuples(st.sampled_from(LINES), st.sampled_from(['\n', '\n', '\n', '\r\n'])), max_size=9
).map(lambda pairs: ''.join(line + end for line, end in pairs))
last_lines = st.sampled_from(['', '', 'HTTPD=/last', 'A=1', '#HTTPD=/usr/sbin/httpd.worker'])
texts = st.builds(lambda head, last: head + last, lines, last_lines)
# Any order of what is special to a shell, without what could start a program or write outside of
# the folder.
pieces = [
    'HTTPD=/x',
    'HTTPD=',
    '\n',
    '\n',
    ' ',
    '\t',
    ';',
    "'",
    '"',
    '\\',
    '#',
    '$',
    '{',
    '}',
    '=',
    'A',
    'if',
    'fi',
    '\r',
    ':',
    '`',
    '<<E',
    'E',
]
soups = st.lists(st.sampled_from(pieces), max_size=16).map(''.join)


def is_clear(text):
    return not [found for found in shell.find_assignments(text, 'HTTPD') if found.unclear]


def value_of(text):
    found = shell.last_assignment(text, 'HTTPD')
    return found.value if found else None


def in_bash(*several):
    with tempfile.TemporaryDirectory() as folder:
        return bash.values_in_bash(folder, several)


@need_bash
class TestWhatIsClear:
    @bounded
    @given(texts)
    def test_is_what_bash_sees_in_lines(self, text):
        self.compare(text)

    @bounded
    @given(soups)
    def test_is_what_bash_sees_in_a_soup(self, text):
        self.compare(text)

    def compare(self, text):
        assume(is_clear(text))
        expected = value_of(text)
        there, back = shell.set_value(text, 'HTTPD', WORKER), shell.comment_out(text, 'HTTPD')
        seen = in_bash(text, there, back)
        assume(bash.LEFT not in seen)
        assert seen == [bash.UNSET if expected is None else expected, WORKER, bash.UNSET]


class TestSetValue:
    @bounded
    @given(texts)
    def test_is_in_force_and_twice_is_once(self, text):
        assume(is_clear(text))
        there = shell.set_value(text, 'HTTPD', WORKER)
        assert value_of(there) == WORKER
        assert not shell.last_assignment(there, 'HTTPD').unclear
        assert shell.set_value(there, 'HTTPD', WORKER) == there

    @bounded
    @given(texts)
    def test_touches_one_line_or_adds_one(self, text):
        before, after = split_lines(text), split_lines(shell.set_value(text, 'HTTPD', WORKER))
        if len(before) == len(after):
            assert sum(old != new for old, new in zip(before, after)) <= 1
        else:
            bodies = [body_of(line) for line in after]
            assert len(after) == len(before) + 1
            assert any(
                bodies[:i] + bodies[i + 1 :] == [body_of(line) for line in before]
                for i in range(len(after))
            )

    @bounded
    @given(texts)
    def test_worker_event_worker_is_the_same_text(self, text):
        assume(is_clear(text))
        worker = shell.set_value(text, 'HTTPD', WORKER)
        assert shell.set_value(shell.set_value(worker, 'HTTPD', EVENT), 'HTTPD', WORKER) == worker


class TestCommentOut:
    @bounded
    @given(texts)
    def test_only_marks_lines_as_comments(self, text):
        assume(is_clear(text))
        before, after = split_lines(text), split_lines(shell.comment_out(text, 'HTTPD'))
        assert len(before) == len(after)
        for old, new in zip(before, after):
            assert (
                new == old
                or new == '#' + old
                or (old.endswith(' #\r\n') and new == '#' + old[:-4] + '\r\n')
            )

    @bounded
    @given(
        st.lists(st.sampled_from(['# c', '', 'HTTPD_LANG=C', '#OPTIONS=', "A='x y'"])),
        st.sampled_from(['\n', '\r\n']),
        st.booleans(),
        st.sampled_from(
            ['#HTTPD=%s', '# HTTPD=%s', '#HTTPD="%s"', '#export HTTPD=%s', '#HTTPD=%s # c']
        ),
    )
    def test_there_and_back_is_the_same_text_where_the_stock_line_is(
        self, others, end, last, stock
    ):
        middle = len(others) // 2
        text = end.join(others[:middle] + [stock % WORKER] + others[middle:]) + (
            end if last else ''
        )
        assert shell.comment_out(shell.set_value(text, 'HTTPD', WORKER), 'HTTPD') == text

    def test_there_and_back_on_the_stock_file(self):
        assert (
            shell.comment_out(shell.set_value(hosts.STOCK_SYSCONFIG, 'HTTPD', WORKER), 'HTTPD')
            == hosts.STOCK_SYSCONFIG
        )
