# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Compare two answers of a page: the one before and the one now."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


def worse(before, now):
    """Return what is worse about an answer now than before, in words."""
    wrong = []
    if now.source and not before.source:
        wrong.append('%s serves the source of a script' % now.url)
    if before.status is not None and now.status != before.status:
        wrong.append(
            '%s answers %s, before it was %s' % (now.url, now.status or now.error, before.status)
        )
    elif now.error and not before.error and before.status is not None:
        wrong.append('%s: %s' % (now.url, now.error))
    elif is_other_kind(before, now):
        wrong.append(
            '%s is %s, before it was %s' % (now.url, now.kind or 'of no kind', before.kind)
        )
    return wrong


def is_other_kind(before, now):
    """Return whether an answer has another kind of content than before, as far as that is known."""
    return before.kind is not None and now.status is not None and now.kind != before.kind


def judge_answers(pairs):
    """Return (what is worse than before, what cannot be judged here), in words, of [(Answer
    before, Answer now)].
    """
    wrong, unjudged = [], []
    for before, now in pairs:
        if now.status and now.status >= 500 > (before.status or 500):
            unjudged.append(
                '%s answers %d in the rehearsal, where no other server can be reached; it was %d.'
                % (now.url, now.status, before.status)
            )
        elif now.status is None and before.status and 'did not end within' in (now.error or ''):
            unjudged.append(
                '%s takes too long in the rehearsal, where no other server can be reached.'
                % now.url
            )
        elif now.status == before.status and not now.source and is_other_kind(before, now):
            # Without its database a page may well say so, and in another form.
            unjudged.append(
                '%s is %s in the rehearsal, where no other server can be reached; it was %s.'
                % (now.url, now.kind or 'of no kind', before.kind)
            )
        else:
            wrong.extend(worse(before, now))
    return wrong, unjudged
