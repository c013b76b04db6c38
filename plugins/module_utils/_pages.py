# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The pages that visitors ask most: found in the access logs, asked before the switch, and carried
in the plan as answers to compare with.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

from ._host.access_logs import read_visits
from ._model import PREFORK, PageResult
from ._plan import planner
from ._plan.outlook import world_of
from ._plan.pages import choose_pages, judge_pages
from ._proof.pages import ask_twice, is_same
from ._syntax.evaluate import active_directives
from ._syntax.log_directives import find_logs


def add_pages(wanted, state, build):
    """Return the Plan, with the pages of the access logs where there is something to prove by them.

    build: returns the Plan for the Answers that come beside those of the user's probes.
    """
    plan = build([])
    if not wanted.probe_pages or not plan.restart or planner.refused(plan):
        return plan
    answers, left = _ask(wanted, state)
    plan = build(answers) if answers else plan
    return plan._replace(pages=answers, findings=plan.findings + judge_pages(left, bool(answers)))


def _ask(wanted, state):
    """Return ([Answer], [LeftOut])."""
    addresses = [(item.address, item.port) for item in state.servers.running.listeners]
    ports = sorted(set(port for _address, port in addresses))
    active = active_directives(state.tree, world_of(state, state.choice.mpm or PREFORK))
    logs, left = find_logs(active, state.tree.root, ports)
    visits = read_visits(logs, wanted.probe_queries, wanted.probe_pages, time.time())
    named = set(probe.url for probe in wanted.probes)
    chosen = choose_pages(visits.counts, wanted.probe_pages)
    answers, unused = ask_twice([page for page in chosen if page.url not in named], addresses)
    return answers, left + visits.left + unused


def compare_pages(plan, answers):
    """Return the PageResults of the pages of a Plan. answers: {url: Answer} of the new server."""
    return [
        PageResult(
            before.url,
            before.status,
            answers[before.url].status if before.url in answers else None,
            before.kind,
            before.url in answers and is_same(before, answers[before.url]),
        )
        for before in plan.pages
    ]
