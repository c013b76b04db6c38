# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""The page of a report: one file of HTML that needs no network, and no script to be read."""

from __future__ import annotations

import os
from typing import Mapping, Sequence

import jinja2
from ansible_collections.webops.apache.plugins.plugin_utils.report.hosts import (
    DEADLY,
    MPMS,
    Finding,
    HostReport,
)
from ansible_collections.webops.apache.plugins.plugin_utils.report.overview import look_over

TEMPLATE = 'page.html.j2'
# Sites and findings that the part of one host shows; files of JSON have all of them.
MOST_OF_HOST = 20


def render_page(title: str, made: str, reports: Sequence[HostReport]) -> str:
    """Return the page. title, made: text; made: when; reports: in order.

    What hosts said is text for Jinja2, never a template, and is escaped.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(os.path.dirname(__file__)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters['mebibytes'] = mebibytes
    environment.filters['number'] = number
    environment.filters['by_refusals'] = by_refusals
    return environment.get_template(TEMPLATE).render(
        title=title,
        made=made,
        reports=reports,
        overview=look_over(reports),
        mpms=MPMS,
        most=MOST_OF_HOST,
        deadly=DEADLY,
        switch=any(report.switch for report in reports),
    )


def by_refusals(blocked: Mapping[str, Sequence[Finding]]) -> list[tuple[str, Sequence[Finding]]]:
    """Return (names of MPMs, what refuses them): what refuses several in one line."""
    names: dict[tuple[Finding, ...], list[str]] = {}
    for mpm, refusals in blocked.items():
        names.setdefault(tuple(refusals), []).append(mpm)
    return [(' or '.join(mpms), refusals) for refusals, mpms in names.items()]


def mebibytes(kibibytes: int) -> str:
    """Return an amount of memory as text."""
    return '%d MiB' % round(kibibytes / 1024)


def number(value: float) -> str:
    """Return a number without needless digits."""
    return '%g' % value if abs(value) < 1e6 else '%d' % value
