# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A journal gives back what was noted, and one byte of damage is found, or costs no more than
the last line.
"""

from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._transaction import journal
from hypothesis import given, settings
from hypothesis import strategies as st

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)
records = st.dictionaries(
    st.text(max_size=6).filter(lambda key: key != 'version'), values, max_size=4
)
journals = st.lists(records, max_size=5).map(
    lambda found: [{'version': journal.VERSION, 'steps': []}] + found
)


@settings(max_examples=150, deadline=None)
@given(journals)
def test_whatever_is_noted_is_read_again(found):
    assert journal.decode_records(b''.join(map(journal.encode_record, found))) == found


@settings(max_examples=150, deadline=None)
@given(journals, st.data())
def test_a_journal_that_is_cut_off_anywhere_gives_the_whole_lines(found, data):
    lines = [journal.encode_record(record) for record in found]
    content = b''.join(lines)
    size = data.draw(st.integers(0, len(content)))
    whole = content[:size].count(b'\n')
    assert journal.decode_records(content[:size]) == found[:whole]


@settings(max_examples=300, deadline=None)
@given(journals, st.data())
def test_one_damaged_byte_is_found_or_costs_the_last_line_only(found, data):
    content = bytearray(b''.join(map(journal.encode_record, found)))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    try:
        read = journal.decode_records(bytes(content))
    except StepError:
        return
    assert at == len(content) - 1, (
        'only the end of the last line can be damaged without a word, as if it was cut off there'
    )
    assert read == found[:-1]
