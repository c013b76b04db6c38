# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The engine against a model: whatever fails wherever, the host is as before, or every step that
could not be undone is named.
"""

from ansible_collections.webops.apache.plugins.module_utils._model import Step
from ansible_collections.webops.apache.plugins.module_utils._orders import SwapOrder
from ansible_collections.webops.apache.plugins.module_utils._transaction import engine
from hypothesis import given, settings
from hypothesis import strategies as st

FINE, BEFORE, AFTER = 'fine', 'fails before it acts', 'fails after it acted'
plans = st.lists(
    st.tuples(
        st.sampled_from([FINE, FINE, FINE, BEFORE, AFTER]),
        st.sampled_from([FINE, FINE, BEFORE, AFTER]),
        st.sampled_from([ValueError, SystemExit, KeyboardInterrupt, GeneratorExit]),
    ),
    max_size=8,
)


def act(how, error, change):
    if how == BEFORE:
        raise error('before')
    change()
    if how == AFTER:
        raise error('after')


@settings(max_examples=200, deadline=None)
@given(plans, st.integers(0, 24), st.sampled_from([ValueError, KeyboardInterrupt]))
def test_all_is_done_or_all_is_undone_but_for_what_is_named(plan, cut_at, cut):
    host, noted = set(), []

    def do(order, _context):
        how, _back, error = plan[order.staged]
        act(how, error, lambda: host.add(order.staged))

    def undo(order, _context):
        _how, back, error = plan[order.staged]
        act(back, error, lambda: host.discard(order.staged))

    def note(phase, _step):
        noted.append(phase)
        if len(noted) == cut_at:
            raise cut('no room for the note')

    numbered = [SwapOrder(staged=number) for number in range(len(plan))]
    steps = [Step(str(each.staged), 'do', each, 'undo', each, '') for each in numbered]
    done = engine.execute(steps, {'do': do, 'undo': undo}, None, note)
    if done.failed is None:
        assert host == set(range(len(plan)))
        assert all(how == FINE for how, _back, _error in plan)
        assert noted == ['begin', 'done'] * len(plan)
    else:
        stuck = {step.order.staged for step, _text in done.undo_errors}
        assert host <= stuck
        # A note that fails on the way back keeps no step from being undone.
        assert stuck == {n for n in range(int(done.failed.name) + 1) if plan[n][1] != FINE}
