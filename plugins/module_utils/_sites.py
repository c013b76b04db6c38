# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Each site by its own name and port: asked before the switch, and carried in the plan as answers
to compare with.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ._model import PREFORK, LeftOut, SiteResult
from ._plan import planner
from ._plan.outlook import look_ahead, world_of
from ._plan.site_requests import Asked, judge_sites, list_requests, pause_for
from ._plan.steps import with_sites
from ._proof import sites
from ._proof.probes import split_url
from ._syntax.evaluate import active_directives


def add_sites(wanted, state, plan, token):
    """Return the Plan with how each site answers, where there is something to prove by it.

    token: a word that no file has in its name.
    """
    if not wanted.probe_sites or not plan.restart or planner.refused(plan):
        return plan
    running = state.servers.running
    addresses = [(item.address, item.port) for item in running.listeners]
    active = active_directives(state.tree, world_of(state, state.choice.mpm or PREFORK))
    asked = Asked(
        active,
        state.tree.root,
        state.tree.foreign,
        state.build.version,
        addresses,
        _breaking_folders(state, plan, wanted.mpm),
    )
    requests, left = list_requests(asked, list(plan.mappings) + list(plan.denials), token)
    (proof,) = [step.order for step in plan.steps if step.action == 'prove'][:1]
    requests = [one for one in requests if not _is_asked(one, proof.answers, addresses)]
    pause = pause_for(plan.now.modules)
    answers, unused = sites.ask_twice(requests, addresses, pause)
    plan = with_sites(plan, answers, pause)
    left = left + unused
    return plan._replace(sites_left=left, findings=plan.findings + judge_sites(left))


def _is_asked(request, answers, addresses):
    """Return whether a page that is compared anyway is what a SiteRequest asks for.

    answers: [Answer] of these pages; addresses: [(address, port)] on which the server listens.
    """
    first = {}
    for address, port in addresses:
        first.setdefault(port, address)
    for page in answers:
        parts = split_url(page.url)
        places = [page.address] if page.address else [None, first.get(parts.port)]
        if request.address in places and parts == split_url(request.url):
            return True
    return False


def _breaking_folders(state, plan, mpm):
    """Return the folders with settings in .htaccess files that nobody knows after the switch."""
    php = look_ahead(state, plan.tree, mpm).php
    return sorted(set(os.path.dirname(path) for path, _line in php.site_settings))


def compare_sites(plan, answers):
    """Return the SiteResults of a Plan. answers: {key of a site: Answer} of the new server."""
    return [
        SiteResult(
            one.site,
            one.url,
            one.status,
            answers[sites.key_of(one)].status if sites.key_of(one) in answers else None,
        )
        for one in plan.sites
    ]


def not_asked_again(plan, answers):
    """Return [LeftOut] of the sites that were asked before the switch and not after it."""
    late = [one.site for one in plan.sites if sites.key_of(one) not in answers]
    return [LeftOut(site, sites.LATE) for site in sorted(set(late), key=late.index)]
