# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Whether FPM takes connections where the new server would ask it, and what follows for a plan."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ._model import BY_FPM, REFUSE, WARN, Finding
from ._plan.fpm.marks import is_our_backend
from ._plan.php_site_rules import in_words
from ._proof.fastcgi import find_problem, parse_backend
from ._text import foreign

# So many are asked: each one that does not answer costs two seconds.
MOST = 20
# What FPM says of a configuration that has nothing for it to do.
NO_POOL = 'No pool defined'


def try_out(plan):
    """Return the Plan with a finding for each server of PHP that takes no connection.

    One that is asked already, and does not answer now either, is no reason to refuse.
    """
    asked, findings = {}, []
    for mapping in plan.mappings:
        # Our own are started first, and have to answer then.
        if mapping.then.how == BY_FPM and not is_our_backend(mapping.then.by):
            asked.setdefault(mapping.then.by, []).append(mapping)
    for words in sorted(asked)[:MOST]:
        backend = parse_backend(words)
        problem = find_problem(backend) if backend else None
        if problem:
            findings.append(_finding(words, problem, asked[words]))
    return plan._replace(findings=plan.findings + findings)


def try_fpm(run, state, plan):
    """Return the Plan with a finding where FPM is to take PHP over, and its own configuration, as
    it is, fails its test: it could not be started again.
    """
    if plan.carried is None or any(finding.level == REFUSE for finding in plan.findings):
        return plan
    test = run([state.fpm.program, '-t'])
    # One that has no pool does not start; ours will be there then.
    if test.rc == 0 or (NO_POOL in test.out + test.err and not state.fpm.active):
        return plan
    words = 'FPM cannot be used: its configuration, as it is, fails its own test: %s'
    words %= foreign((test.err or test.out).strip()) or 'no word'
    fix = 'Fix what it names; %s -t shows it again.' % state.fpm.program
    finding = Finding('fpm_unusable', REFUSE, False, words, fix, [])
    return plan._replace(findings=plan.findings + [finding])


def _finding(words, problem, mappings):
    new = [mapping for mapping in mappings if mapping.now.how != BY_FPM]
    return Finding(
        'fpm_unreachable',
        REFUSE if new else WARN,
        False,
        '%s, which runs the PHP of these sites%s, takes no connection (%s): %s.'
        % (
            foreign(words),
            ' after the switch' if new else ' now',
            problem,
            in_words(new or mappings),
        ),
        'Start the service of FPM that listens there; see its own log if it does not start.',
        [],
    )
