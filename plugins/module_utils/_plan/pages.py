# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Choose the pages of the access log that are asked before and after."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._model import WARN, Finding, Probe
from .._text import list_some

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import AskedSite, LeftOut  # noqa: F401

_USUAL_PORTS = {'http': 80, 'https': 443}
# So many names of pages or logs stand in a sentence.
MOST_NAMES = 3


def choose_pages(counts, most):
    # type: (dict[AskedSite, dict[str, int]], int) -> list[Probe]
    """Return the Probes of at most `most` pages, those first that visitors asked most.

    Each site has its first page among them, as far as that goes; the others are the most frequent
    ones of all sites. counts: {AskedSite: {page: how often it was asked for}}.
    """
    ranked = [
        sorted((-count, page, site) for page, count in pages.items())
        for site, pages in counts.items()
    ]
    first = sorted(pages[0] for pages in ranked if pages)
    others = sorted(page for pages in ranked for page in pages[1:])
    return [_probe_of(site, page) for _count, page, site in sorted((first + others)[:most])]


def _probe_of(site, page):
    # type: (AskedSite, str) -> Probe
    usual = site.port == _USUAL_PORTS[site.scheme]
    url = '%s://%s%s%s' % (site.scheme, site.name, '' if usual else ':%d' % site.port, page)
    return Probe(url, None, None, site.address)


def judge_pages(left, is_any_asked):
    # type: (list[LeftOut], bool) -> list[Finding]
    """Return the Findings about pages and logs that are not used. left: [LeftOut]."""
    if is_any_asked:
        left = [item for item in left if not item.idle]
        if not left:
            return []
    whys = []
    for item in left:
        if item.why not in whys:
            whys.append(item.why)
    parts = ['%s: %s' % (_some(left, why), why) for why in whys]
    words = 'not used is %s' % '; '.join(parts) if parts else 'no access log is written'
    if not is_any_asked:
        words = 'no page of the access logs is asked; ' + words
    return [
        Finding(
            'pages_not_asked',
            WARN,
            False,
            'Of what probe_pages asks for, %s.' % words,
            'Name pages of yours by probes.',
            [],
        )
    ]


def _some(left, why):
    # type: (list[LeftOut], str) -> str
    return list_some([item.what for item in left if item.why == why], MOST_NAMES)
