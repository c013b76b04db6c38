# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import pickle

import pytest
from ansible_collections.webops.apache.plugins.module_utils._fields import (
    FLAG,
    NUMBER,
    TEXT,
    WHOLE,
    NamedTuple,
    Row,
    field,
    list_of,
    maybe,
    part,
    record,
)

Place = record('Place', field('host', TEXT), field('port', WHOLE))
Place.FORM = Row(Place, Place.FORM.fields)
Name = record('Name', field('first', TEXT), field('last', TEXT, 'nobody'))
Thing = record(
    'Thing',
    part('name', Name),
    field('places', list_of(Place)),
    field('owner', maybe(Name)),
    field('sold', FLAG, False),
)
THING = Thing(Name(u'caf\xe9', 'b'), [Place('a', 1), Place('b', 2)], Name('c', 'd'), True)
PLAIN = {
    'first': u'caf\xe9',
    'last': 'b',
    'places': [['a', 1], ['b', 2]],
    'owner': {'first': 'c', 'last': 'd'},
    'sold': True,
}

Typed = NamedTuple('Typed', [('name', 'str'), ('size', 'int | None')])


def read(**changes):
    return Thing.FORM.read(dict(PLAIN, **changes))


class TestRecord:
    def test_takes_what_is_named_and_fills_in_the_rest(self):
        thing = Thing(name=Name(first='a'), places=[], owner=None)
        assert thing == (('a', 'nobody'), [], None, False)

    def test_lacks_nothing_that_has_no_default(self):
        with pytest.raises(TypeError):
            Thing(name=Name('a'), places=[])


class TestNamedTuple:
    def test_has_the_fields_in_their_order(self):
        assert Typed('a', None) == ('a', None) and Typed._fields == ('name', 'size')

    def test_is_found_by_pickle(self):
        thing = Typed(name='a', size=2)
        again = pickle.loads(pickle.dumps(thing, 2))
        assert again == thing and isinstance(again, Typed)


class TestForm:
    def test_writes_parts_beside_the_other_fields(self):
        assert Thing.FORM.plain(THING) == PLAIN
        assert json.loads(json.dumps(PLAIN)) == PLAIN

    def test_reads_what_it_has_written(self):
        found = Thing.FORM.read(json.loads(json.dumps(PLAIN)))
        assert found == THING
        assert [type(each) for each in (found.name, found.places[0], found.owner)] == [
            Name,
            Place,
            Name,
        ]

    def test_fills_in_what_is_not_written(self):
        assert Thing.FORM.read({'first': 'a', 'places': [], 'owner': None}) == Thing(
            Name('a'), [], None
        )

    def test_leaves_out_what_it_does_not_know(self):
        assert read(more=1) == THING

    @pytest.mark.parametrize(
        'changes, words',
        [
            ({'first': None}, 'first: None is not a text'),
            ({'places': None}, 'places: None is not a list'),
            ({'places': 'ab'}, "places: 'ab' is not a list"),
            ({'places': [['a', '1']]}, "places: '1' is not a whole number"),
            ({'places': [['a']]}, "places: ['a'] is not a list of 2"),
            ({'owner': 5}, 'owner: 5 is not an object'),
            ({'owner': {}}, 'owner: it has no first'),
            ({'owner': {'first': 1}}, 'owner: first: 1 is not a text'),
            ({'sold': None}, 'sold: None is not a flag'),
            ({'sold': 1}, 'sold: 1 is not a flag'),
        ],
    )
    def test_says_what_it_cannot_read(self, changes, words):
        with pytest.raises(ValueError) as caught:
            read(**changes)
        assert str(caught.value) == words

    @pytest.mark.parametrize('data', [None, [], 'first', 5], ids=repr)
    def test_reads_nothing_but_an_object(self, data):
        with pytest.raises(ValueError) as caught:
            Thing.FORM.read(data)
        assert str(caught.value) == '%r is not an object' % (data,)

    def test_says_what_is_missing(self):
        with pytest.raises(ValueError) as caught:
            Thing.FORM.read({'first': 'a', 'owner': None})
        assert str(caught.value) == 'it has no places'


@pytest.mark.parametrize(
    'kind, right, wrong',
    [
        (FLAG, [True, False], [0, 1, None, 'true']),
        (WHOLE, [0, -1, 2**70], [True, 1.5, None, '1']),
        (NUMBER, [0, 1.5, 2**70], [False, None, '1']),
        (TEXT, ['', u'caf\xe9'], [None, 1, [], True]),
        (maybe(TEXT), [None, 'a'], [1]),
        (list_of(WHOLE), [[], [1, 2]], [None, 1, '', {}, [None]]),
        (list_of(maybe(WHOLE)), [[None, 1]], [['1']]),
    ],
    ids=['flag', 'whole', 'number', 'text', 'maybe', 'list', 'list of maybe'],
)
def test_a_kind_reads_what_it_is_and_nothing_else(kind, right, wrong):
    assert [kind.read(json.loads(json.dumps(kind.plain(each)))) for each in right] == right
    for each in wrong:
        with pytest.raises(ValueError):
            kind.read(each)
