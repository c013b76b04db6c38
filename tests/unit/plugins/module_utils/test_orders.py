# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ast
import io
import json
import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _recovery
from ansible_collections.webops.apache.plugins.module_utils._fields import NEEDED, Form, Row
from ansible_collections.webops.apache.plugins.module_utils._model import Answer, Probe, SiteAnswer
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    ORDERS,
    Evidence,
    RehearsalOrder,
    Workers,
    plain_order,
    read_order,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import orders

FIXTURES = os.path.join(os.path.dirname(__file__), '..', '..', 'fixtures', 'journal')
UTILS = os.path.dirname(_recovery.__file__)


def through_json(order):
    return json.loads(json.dumps(plain_order(order)))


def test_every_action_has_an_order_and_every_order_an_action():
    assert set(ORDERS) == set(_recovery.TABLE)


@pytest.mark.parametrize('action', sorted(ORDERS))
def test_an_order_comes_back_from_json_as_it_was(action):
    order = orders.EXAMPLES[ORDERS[action]]
    found = read_order(action, through_json(order))
    assert (type(found), found) == (ORDERS[action], order)


@pytest.mark.parametrize('kind', sorted(orders.EXAMPLES, key=str), ids=lambda kind: kind.__name__)
def test_the_examples_show_each_field(kind):
    """A field with its default would come back even if it was never written."""
    for each in kind.FORM.fields:
        assert getattr(orders.EXAMPLES[kind], each.name) != each.default


def test_evidence_that_was_written_with_less_is_read():
    evidence = Evidence.FORM.read({'programs': ['/usr/sbin/httpd'], 'spare': [7], 'ports': [80]})
    assert (evidence.owners, evidence.spare, evidence.ports) == ([0], [7], [80])
    assert not evidence.users + evidence.sockets + evidence.groups + evidence.spare_services


@pytest.mark.parametrize('action', sorted(ORDERS))
def test_what_is_missing_is_named(action):
    plain = through_json(orders.EXAMPLES[ORDERS[action]])
    needed = [
        each.name
        for each in ORDERS[action].FORM.fields
        if each.default is NEEDED and each.key
    ]
    for name in needed:
        left = dict((key, plain[key]) for key in plain if key != name)
        with pytest.raises(ValueError) as caught:
            read_order(action, left)
        assert str(caught.value) == 'what %s is told cannot be read: it has no %s' % (action, name)


def parts_of(form):
    """Return {class: its Form} of a record and of all that are in it."""
    if not isinstance(form, Form):
        return parts_of(form.kind) if hasattr(form, 'kind') else {}
    found = {form.made: form}
    for each in form.fields:
        found.update(parts_of(each.kind))
    return found


def names_read():
    """Return the names of all attributes that are read where orders are carried out."""
    found = set()
    for folder in ('_transaction', '_proof', '_system'):
        for place, _folders, names in os.walk(os.path.join(UTILS, folder)):
            for name in [name for name in names if name.endswith('.py')]:
                with io.open(os.path.join(place, name), encoding='utf-8') as stream:
                    # Python 2 takes no text that says how it is encoded.
                    tree = ast.parse(stream.read().encode('utf-8'))
                found.update(
                    node.attr
                    for node in ast.walk(tree)
                    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
                )
    return found


def test_every_field_is_read_by_those_who_carry_orders_out():
    forms = {}
    for action in ORDERS:
        forms.update(parts_of(ORDERS[action].FORM))
    # What a probe was and how it was answered belongs to all stages; rows are compared as a whole.
    told = [
        form.made
        for form in forms.values()
        if form.made not in (Probe, Answer, SiteAnswer) and not isinstance(form, Row)
    ]
    assert len(told) == len(set(ORDERS.values())) + 2
    read = names_read()
    unread = [
        '%s.%s' % (kind.__name__, name)
        for kind in told + [RehearsalOrder, Workers]
        for name in kind._fields
        if name not in read
    ]
    assert unread == []


def test_an_action_that_nobody_knows_is_named():
    with pytest.raises(ValueError) as caught:
        read_order('format_disk', {})
    assert str(caught.value) == "there is no action 'format_disk'"


def orders_of_version_1():
    """Return [(action, what it was told)]: once for each set of names that version 1 wrote."""
    with io.open(os.path.join(FIXTURES, 'version-1-orders.json')) as stream:
        found = json.load(stream)
    return [(action, data) for action in sorted(found) for data in found[action]]


# What version 1 told some steps, and none of them ever read.
UNREAD = {
    'swap_file': ['path'],
    'put_back': ['path'],
    'start_again_by_reload': ['old'],
    'leave_unit': ['old'],
}
OVERLAP_ONLY = orders.OverlapOrder.FORM.plain(orders.OVERLAP)


@pytest.mark.parametrize('action, data', orders_of_version_1())
def test_what_version_1_wrote_is_read_with_every_value(action, data):
    found = through_json(read_order(action, data))
    lost = [name for name in data if not _holds(found, data, name, UNREAD.get(action, ()))]
    if 'listeners' in data and action in ('tell_manager', 'untell_manager', 'note_outage'):
        # An overlap told these all that it knew.
        lost = [name for name in lost if name in found or name not in OVERLAP_ONLY]
    assert lost == []


def _holds(found, data, name, unread):
    """Return whether a value is there with all that was written, also where it has more by now."""
    return name in unread if name not in found else _has(found[name], data[name], unread)


def _has(found, data, unread):
    if isinstance(data, dict):
        return all(_holds(found, data, name, unread) for name in data)
    if isinstance(data, list):
        pairs = zip(found, data)
        return len(found) == len(data) and all(_has(one, two, unread) for one, two in pairs)
    return found == data
