#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: mpm
short_description: Switch the MPM of Apache httpd, prove it, or take everything back
version_added: 0.1.0
author:
  - The webops.apache authors (@webops)
description:
  - Makes this host's Apache httpd run the wanted Multi-Processing Module (MPM).
  - Reads the host, plans, refuses where the switch would break something, tests the new
    configuration before anything is touched, stops the server with the old configuration, swaps the
    files, starts, and proves the result. If the proof fails, everything is taken back, and the old
    state is proved.
  - One call is one transaction. A server that is stopped stays stopped.
options:
  name:
    description: The MPM to run. Required for O(state=present) and O(state=rehearsed).
    type: str
    choices: [prefork, worker, event]
  state:
    description:
      - V(present) switches to O(name).
      - V(rolled_back) takes back the last committed switch of this host, in a transaction like any
        other. It refuses if somebody edited one of its files since, and changes nothing if that
        switch was taken back already.
      - V(rehearsed) plans the switch to O(name), tests the new configuration, and starts the new
        server in private namespaces, where it is asked and stopped. Nothing that serves is touched.
        The call is refused if that is not possible on this host, if the switch would be refused,
        and where an interrupted switch is unfinished.
      - V(recovered) settles what an interrupted switch left unfinished, and does nothing else.
        V(present) and V(rolled_back) do that first.
    type: str
    choices: [present, rehearsed, rolled_back, recovered]
    default: present
  transaction:
    description:
      - A word (letters and digits) for this call. A second call with the same word waits for the
        first one, or returns its result.
      - The action plugin sets it, so that it can reconnect to a switch after a lost connection.
    type: str
  php:
    description:
      - What to do with mod_php. V(auto) gives it what the MPM needs, a thread-safe module under a
        threaded MPM, and brings back what an earlier switch has disabled or moved.
      - V(keep) leaves its configuration alone, V(zts) demands a thread-safe module (threaded MPMs
        only), V(none) loads no PHP under the wanted MPM and denies PHP sources that no handler
        serves any more.
      - V(fpm) has the FPM of the same PHP run what mod_php runs, with the settings that each site
        and folder has. mod_php is disabled. A switch to prefork with V(auto) takes that back.
    type: str
    choices: [auto, keep, zts, fpm, none]
    default: auto
  directives:
    description:
      - Directives of the wanted MPM with their numbers, such as C(StartServers) or
        C(ThreadsPerChild). Both the names of httpd 2.2 and of 2.4 are understood.
      - They are written where only the wanted MPM reads them.
    type: dict
    default: {}
  probes:
    description:
      - Pages that must answer after the switch as they did before. The host's own server is asked,
        whatever the name in the URL. If the URL has an address of this host, the page is asked for
        at that address.
      - Without probes, the first page on every port is compared.
    type: list
    elements: dict
    default: []
    suboptions:
      url:
        description: An http or https URL.
        type: str
        required: true
      status:
        description: The HTTP status (100 to 599) that it must have. By default, the same as before.
        type: int
      contains:
        description: A text that must be in the first 64 KiB of the page.
        type: str
  probe_pages:
    description:
      - How many pages (0 to 200) of the access logs are asked as well, those that visitors asked
        most in the last hour. Each is asked twice before, once in the rehearsal, and after the
        switch. One that answers with another status or another kind of content is a reason to roll
        back.
      - The logs are those of CustomLog, TransferLog and GlobalLog of the configuration in force,
        the last 8 MiB of each. Their format has to have C(%t), C(%>s) and C(%r). Each site has its
        most frequent page among them, as far as that goes.
      - A page costs about a second of the switch, all its requests together.
      - Only GET requests with status 200 to 399 count, from two different addresses at least,
        those of the host's own loopback not among them. A page whose address reads like an action,
        such as C(logout), C(cron) or C(delete), is never asked.
      - A page that fails before the switch, or that changes by itself, is not used. What is not
        used is reported as a warning (C(pages_not_asked)).
    type: int
    default: 0
  probe_queries:
    description:
      - Ask the pages of O(probe_pages) with the query strings that visitors sent. By default they
        are asked without. A query that may do something, or may hold a secret, is left out.
    type: bool
    default: false
  probe_sites:
    description:
      - Ask each site of the configuration by its own name and port, before, in the rehearsal and
        after the switch. Compared is what becomes of the request. It is answered, sent elsewhere
        (300 to 399), denied (401, 403, 407), or there is nothing (404, 410). A site that answers
        otherwise afterwards, or shows the source of a script, is a reason to roll back.
      - Asked are the first page, and for each way in which the site takes scripts one that is not
        there. No more than the first 150 sites are asked, and no longer than 10 seconds a time.
      - A site that fails before the switch, or changes by itself, is no condition. Such a site, and
        one that cannot be asked (a certificate or a login of its visitors, the PROXY protocol, an
        address that the host does not have) is reported as a warning (C(sites_not_proved)).
    type: bool
    default: true
  drain_timeout:
    description: Seconds (0 to 3600) for requests in flight to end after the graceful stop. 0 sends
      TERM at once.
    type: int
    default: 5
  stop_timeout:
    description: Seconds (1 to 3600) between TERM and KILL.
    type: int
    default: 10
  soak:
    description: Seconds (0 to 3600) for which the new server is watched, and must live, before the
      switch counts as done.
    type: int
    default: 1
  reconnect_timeout:
    description:
      - Seconds (0 to 3600) to try to reconnect after the connection was lost in the middle of a
        call. After that the outcome is V(unknown). The host itself goes on in any case.
      - Only the action plugin uses it. Raise it if a host needs longer to boot.
    type: int
    default: 60
  strategy:
    description:
      - How to go from the old server to the new one. V(auto) takes the first of the three that
        works on this host.
      - V(overlap) starts the new server on the same ports beside the old one and steers new
        connections over once it is proved. No visitor waits, and a failed proof is taken back while
        the old server still serves.
      - V(hold) lets new connections wait in the kernel while no server listens. It uses a queue of
        nft or iptables, or rules that drop the first packet of a connection until it is sent again.
        Both end by themselves, however the switch ends.
      - V(stop) stops the old server, and starts the new one as soon as the ports are free.
      - If you name a strategy that is not possible, the call is refused. The result says why others
        were not taken.
    type: str
    choices: [auto, overlap, hold, stop]
    default: auto
  rehearse:
    description:
      - Whether to start, ask and stop the new server in private namespaces before anything live
        changes. What fails only at start then fails there.
      - If namespaces are not available, V(auto) goes on with a warning, and V(required) refuses.
        V(never) does not rehearse.
    type: str
    choices: [auto, required, never]
    default: auto
  accept:
    description:
      - Names of rules whose refusal you accept, out of V(old_event), V(not_ours), V(shared_files),
        V(not_utf8), V(php_htaccess), V(php_denied), V(php_protection_lost),
        V(php_not_judged), V(php_extensions_missing), V(fpm_in_use), V(php_not_carried) and
        V(config_unclear). No other rule can be accepted, above all not C(plesk).
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - webops.apache.mpm
  - webops.apache.mpm.place
attributes:
  diff_mode:
    description: Only the lines that change.
    support: full
seealso:
  - module: webops.apache.mpm_info
"""

EXAMPLES = r"""
- name: Run the worker MPM
  webops.apache.mpm:
    name: worker

- name: Start the worker MPM where nobody sees it, and change nothing
  webops.apache.mpm:
    name: worker
    state: rehearsed

- name: Take the last switch back
  webops.apache.mpm:
    state: rolled_back

- name: Run the event MPM with other limits, proved by two pages
  webops.apache.mpm:
    name: event
    directives:
      ThreadsPerChild: 50
      MaxRequestWorkers: 400
    probes:
      - url: http://www.example.com/
      - url: http://www.example.com/health.php
        status: 200
        contains: healthy
    soak: 10

- name: Run the event MPM, proved by the twenty pages that visitors ask most
  webops.apache.mpm:
    name: event
    probe_pages: 20
"""

RETURN = r"""
outcome:
  description:
    - How the call ended. One of V(switched); V(unchanged), the MPM ran already; V(planned), in
      check mode; V(rehearsed), with O(state=rehearsed); V(refused), nothing was touched;
      V(rolled_back), it failed and was taken back;
      V(rollback_failed), not all of it could be taken back; V(recovered), it was interrupted and
      taken back, which is a success for O(state=recovered) alone.
    - Two come from the action plugin, and both fail. V(unknown), the host was lost during the
      switch and did not come back in time; V(unreadable), its answer is not as documented here.
  returned: always, unless the module itself could not run
  type: str
  sample: switched
mpm:
  description: The MPM that was asked for.
  returned: always
  type: str
  sample: worker
before:
  description: What was read before. RV(after) has the same keys.
  returned: success, refusal or rollback
  type: dict
  contains: &host
    running:
      description: The MPM of the running process, null where the server is stopped.
      type: str
    configured:
      description: The choice on disk.
      type: str
    compiled:
      description: What C(httpd -l) says, null where the MPM is loaded as a module.
      type: str
    agree:
      description: Whether the three are the same.
      type: bool
    layout:
      description: Where this host keeps its choice.
      type: str
    version:
      description: The version of httpd.
      type: str
    available:
      description: The program or module of each MPM, null where it is not installed.
      type: dict
    php:
      description: The PHP modules in force.
      type: list
      elements: dict
      contains:
        symbol:
          description: The name in the LoadModule line.
          type: str
        path:
          description: The module.
          type: str
        thread_safe:
          description: Whether it is, null where it does not say.
          type: bool
        file:
          description: The file that loads it.
          type: str
        line:
          description: The number of the line.
          type: int
    php_modules:
      description:
        - Every PHP module that the configuration names, with C(ts), C(nts), C(unknown) or
          C(missing).
      type: dict
    directives:
      description: The directives of the configured MPM with their numbers.
      type: dict
    effective:
      description:
        - The numbers that httpd goes on with, of all directives of that MPM that are set or have a
          number compiled in. Where they do not fit together, httpd takes others than it is given.
      type: dict
    panels:
      description: The control panels that were found.
      type: list
      elements: str
    config_test:
      description: Whether the configuration passes its test.
      type: bool
    choice:
      description: Where the choice is written.
      type: dict
      contains:
        file:
          description: The file.
          type: str
        line:
          description: The number of the line, null where nothing is set.
          type: int
        program:
          description: The program that is chosen.
          type: str
    process:
      description: The main process, null where the server is stopped.
      type: dict
      contains:
        pid:
          description: Its number.
          type: int
        program:
          description: The program that it runs.
          type: str
        processes:
          description: The processes of the server.
          type: int
        threads:
          description: The threads of all of them.
          type: int
        memory_kib:
          description:
            - The memory that they use in KiB, what they share counted once. Of many processes, 64
              are measured.
          type: int
        ports:
          description: The ports on which it listens.
          type: list
          elements: int
  sample: {running: prefork, configured: prefork, compiled: prefork, agree: true}
after:
  description: The same, afterwards.
  returned: success, refusal or rollback
  type: dict
  contains: *host
  sample: {running: worker, configured: worker, compiled: prefork, agree: false}
findings:
  description: What prevents the switch, and what is worth a warning.
  returned: success, refusal or rollback
  type: list
  elements: dict
  contains:
    rule:
      description: The name of the rule.
      type: str
    level:
      description: C(refuse) or C(warn).
      type: str
    acceptable:
      description: Whether O(accept) may name it.
      type: bool
    reason:
      description: What was found.
      type: str
    fix:
      description: What to do about it.
      type: str
    packages:
      description: Packages that would solve it.
      type: list
      elements: str
  sample: []
steps:
  description: The plan, one sentence for each step.
  returned: success, refusal or rollback
  type: list
  elements: str
timeline:
  description: What was done, in order.
  returned: success, refusal or rollback
  type: list
  elements: dict
  contains:
    step:
      description: The name of the step.
      type: str
    phase:
      description: Whether it was done or taken back.
      type: str
    ms:
      description: Milliseconds that it took.
      type: int
    error:
      description: Why it failed, or null.
      type: str
outage_ms:
  description:
    - Milliseconds for which no socket listened on a port of the server, for the port where that was
      longest, as the kernel reports it. A switch that is taken back counts both gaps. 0 if a socket
      always listened; null if the server did not come back.
  returned: success, refusal or rollback
  type: int
  sample: 1180
files:
  description: Files that change.
  returned: success, refusal or rollback
  type: list
  elements: str
  sample: [/etc/sysconfig/httpd]
strategy:
  description: The strategy that was used, or would be.
  returned: success, refusal or rollback
  type: dict
  contains:
    asked:
      description: What O(strategy) said.
      type: str
    used:
      description: The strategy that was taken, null where no server is restarted.
      type: str
    means:
      description: The kernel or system feature that did it.
      type: str
    passed_over:
      description: The strategies before it.
      type: list
      elements: dict
      contains:
        strategy:
          description: Its name.
          type: str
        reason:
          description: Why it was not taken.
          type: str
  sample: {asked: auto, used: stop, means: signals, passed_over: []}
visitors:
  description:
    - Counts of connections during the switch, such as C(drained), C(held) and C(held_ms), the
      longest wait of one in milliseconds. Only what was measured is there.
  returned: success, refusal or rollback
  type: dict
  sample: {}
rehearsal:
  description: The result of starting the new server where nobody sees it.
  returned: success, refusal or rollback
  type: dict
  contains:
    state:
      description: C(passed), C(failed), C(unavailable) or C(skipped).
      type: str
    reason:
      description: Why, where it did not pass.
      type: str
    mpm:
      description: The MPM that was seen to run.
      type: str
    processes:
      description: Its processes.
      type: int
    threads:
      description: Their threads.
      type: int
    memory_kib:
      description: Their memory in KiB, what they share counted once.
      type: int
    warnings:
      description: Warnings of httpd itself.
      type: list
      elements: str
    ms:
      description: Milliseconds that it took.
      type: int
  sample:
    state: passed
    reason: ''
    mpm: worker
    processes: 4
    threads: 81
    memory_kib: 18200
    warnings: []
    ms: 412
probe_pages:
  description: The pages of the access logs that were compared, the most frequent ones first.
  returned: success, refusal or rollback
  type: list
  elements: dict
  contains:
    url:
      description: Its URL.
      type: str
    before:
      description: Its status before the switch.
      type: int
    after:
      description: Its status under the new server, null where that was not asked.
      type: int
    kind:
      description: The kind of its content before, null where it did not say.
      type: str
  sample: [{url: "http://www.example.com/", before: 200, after: 200, kind: text/html}]
probe_sites:
  description: The requests by which sites were compared.
  returned: success, refusal or rollback
  type: list
  elements: dict
  contains:
    site:
      description: Its name and port, or where its virtual host stands.
      type: str
    url:
      description: What was asked for.
      type: str
    before:
      description: The status before the switch.
      type: int
    after:
      description: The status under the new server, null where that was not asked.
      type: int
  sample: [{site: "www.example.com:80", url: "http://www.example.com/", before: 200, after: 200}]
sites_not_proved:
  description: Sites that visitors reach, and of which no request shows that they answer as before.
  returned: success, refusal or rollback
  type: list
  elements: dict
  contains:
    site:
      description: Its name and port, or where its virtual host stands.
      type: str
    why:
      description: Why not.
      type: str
  sample: [{site: "intern.example.com:443", why: it asks for a certificate of its visitors}]
packages:
  description: Packages that would fix what is refused.
  returned: success, refusal or rollback
  type: list
  elements: str
  sample: [php-zts]
rule:
  description:
    - The rule that ended the call, if no finding names it, such as C(in_progress) during another
      switch.
  returned: failure
  type: str
  sample: in_progress
attached:
  description:
    - True if this is the result of an earlier call for the same, to which this one attached.
  returned: when it attached
  type: bool
  sample: true
php_sites:
  description:
    - How each site serves PHP, for each place with rules of its own. A list that is too long for
      one answer is cut, and a warning says so.
  returned: success, refusal or rollback
  type: list
  elements: dict
  contains:
    site:
      description: The ServerName, null where there is none.
      type: str
    file:
      description: The file with the virtual host, null for the main server.
      type: str
    line:
      description: The line where it begins.
      type: int
    ports:
      description: The ports that it names.
      type: list
      elements: int
    place:
      description: The section with rules of its own, null for the whole site.
      type: str
    names:
      description: Names of files that stand for all with the same ending.
      type: list
      elements: str
    now:
      description:
        - By what such files are served now.
        - One of C(mod_php), C(fpm), C(fcgid), C(cgi), C(highlighted), C(engine off), C(file),
          C(denied), C(denied by webops.apache), C(elsewhere). C(file) sends the source.
      type: str
    then:
      description: The same after the switch.
      type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._errors import Error
from ..module_utils._model import PRESENT, RECOVERED, REHEARSED
from ..module_utils._outcomes import REFUSED
from ..module_utils._report import describe_error, describe_warnings, finish
from ..module_utils._request import ARGUMENTS, read_request
from ..module_utils._switch import recover, switch
from ..module_utils._system.command import run_command


def run(params, check, diff):
    """Return the result of what is asked for. Raises Error."""
    if params['state'] == RECOVERED:
        return recover(run_command, check=check, transaction=params['transaction'])
    wanted = read_request(params)
    return switch(run_command, wanted, check, diff, transaction=params['transaction'])


def main():
    """Run the module."""
    module = AnsibleModule(
        argument_spec=ARGUMENTS,
        supports_check_mode=True,
        required_if=[('state', PRESENT, ['name']), ('state', REHEARSED, ['name'])],
    )
    try:
        result = run(module.params, module.check_mode, module._diff)
    except Error as e:
        # A recovery that failed has its own outcome.
        module.fail_json(
            **describe_error(e, outcome=REFUSED, mpm=module.params['name'], changed=False)
        )
    result = finish(result)
    for words in describe_warnings(result.pop('warnings', ()), result.get('findings', ())):
        module.warn(words)
    if result.pop('failed'):
        module.fail_json(**result)
    module.exit_json(**result)


if __name__ == '__main__':
    main()
