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
    description: The MPM that is to run. Required for V(state=present).
    type: str
    choices: [prefork, worker, event]
  state:
    description:
      - V(present) switches to O(name).
      - V(rolled_back) takes the last committed switch of this host back, as a transaction like any
        other. It refuses if somebody edited one of its files since, and changes nothing if that
        switch was taken back already.
      - V(recovered) settles what an interrupted switch left unfinished, and does nothing else. The
        other states do that first.
    type: str
    choices: [present, rolled_back, recovered]
    default: present
  transaction:
    description:
      - A word (letters and digits) for this call. The same word again waits for the first call, or
        gives its result.
      - The action plugin sets it, so that a connection that is lost in the middle of a switch can
        be taken up again.
    type: str
  php:
    description:
      - What becomes of mod_php. By default it gets what the MPM needs, a thread-safe module under a
        threaded MPM.
      - V(keep) leaves its configuration alone, V(zts) demands a thread-safe module (threaded MPMs
        only), V(none) loads no PHP under the wanted MPM and denies the sources that no handler
        takes any more.
    type: str
    choices: [keep, zts, none]
  directives:
    description:
      - Directives of the wanted MPM with whole numbers, such as C(StartServers) or
        C(ThreadsPerChild). Both the names of httpd 2.2 and of 2.4 are understood.
      - They are written where only the wanted MPM reads them.
    type: dict
    default: {}
  probes:
    description:
      - Pages that must answer after the switch as they did before. The host's own server is asked,
        whatever the name in the URL, and at the very address where the URL names one of this
        host's.
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
        description: The HTTP status (100 to 599) that it must have. By default, the one that it had
          before.
        type: int
      contains:
        description: A text that must be in the first 64 KiB of the page.
        type: str
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
    description: Seconds (0 to 3600) that the new server must have lived, watched, before the switch
      counts as done.
    type: int
    default: 1
  reconnect_timeout:
    description:
      - Seconds (0 to 3600) for which a host is asked again whose connection was lost in the middle
        of a call. Then the outcome is V(unknown). The host itself goes on in any case.
      - The action plugin goes by it. Raise it where a host needs longer to boot.
    type: int
    default: 60
  strategy:
    description:
      - The way from the old server to the new one. V(auto) takes the first of the three that this
        host was seen to be able to.
      - V(overlap) starts the new server on the same ports beside the old one and steers new
        connections over once it is proved. No visitor waits, and a failed proof is taken back while
        the old server still serves.
      - V(hold) has new connections wait in the kernel while no server listens, by a queue of nft or
        iptables, or by rules of theirs that drop what opens a connection until it is sent again.
        They end by themselves, whatever becomes of the switch.
      - V(stop) stops the old server, and starts the new one as soon as the ports are free.
      - A named one that is not possible is refused. The result says why others were passed over.
    type: str
    choices: [auto, overlap, hold, stop]
    default: auto
  rehearse:
    description:
      - Whether the new server is started, asked and stopped in private namespaces before anything
        live changes, so that what fails only at start fails there.
      - V(auto) goes on with a warning where namespaces are not available, V(required) refuses
        there, V(never) does not rehearse.
    type: str
    choices: [auto, required, never]
    default: auto
  accept:
    description:
      - Rules whose refusal is accepted, by name. These are V(old_event), V(not_ours),
        V(shared_files), V(not_utf8), V(php_htaccess) and V(config_unclear). No other rule can be
        accepted, above all not C(plesk).
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - webops.apache.mpm
  - webops.apache.mpm.place
attributes:
  diff_mode:
    description: The lines that change, and no others.
    support: full
seealso:
  - module: webops.apache.mpm_info
"""

EXAMPLES = r"""
- name: Run the worker MPM
  webops.apache.mpm:
    name: worker

- name: Take the last switch back
  webops.apache.mpm:
    state: rolled_back

- name: Run the event MPM with a size of its own, proved by two pages
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
"""

RETURN = r"""
outcome:
  description:
    - How the call ended. One of V(switched); V(unchanged), the MPM ran already; V(planned), in
      check mode; V(refused), nothing was touched; V(rolled_back), it failed and was taken back;
      V(rollback_failed), not all of it could be taken back; V(recovered), it was interrupted and
      taken back, which is a success for O(state=recovered) alone.
    - V(unknown), the host was lost during the switch and did not come back in time, and
      V(unreadable), it answered with something else than what is documented here, come from the
      action plugin. Both fail.
  returned: always, but where the module itself could not run
  type: str
  sample: switched
mpm:
  description: The MPM that was wanted.
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
  description: What stands against the switch, and what is worth a warning.
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
  description: The plan, a sentence a step.
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
    - Milliseconds for which no socket listened on a port of the server, by the kernel's own
      account, of the port for which that was longest. A switch that is taken back counts both gaps.
      0 if a socket always listened; null if the server did not come back.
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
  description: The way that was taken, or would be.
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
      description: By what it was done.
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
    - What was counted of connections during the switch, such as C(drained), C(held) and C(held_ms),
      the milliseconds for which one waited at most. Only what was measured is there.
  returned: success, refusal or rollback
  type: dict
  sample: {}
rehearsal:
  description: What came of starting the new server where nobody sees it.
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
packages:
  description: Packages that would fix what is refused.
  returned: success, refusal or rollback
  type: list
  elements: str
  sample: [php-zts]
rule:
  description:
    - The rule that ended the call, where no finding names it, such as C(in_progress) while another
      switch is under way.
  returned: failure
  type: str
  sample: in_progress
attached:
  description:
    - True where this is the result of a call for the same that was under way, to which this one
      attached.
  returned: when it attached
  type: bool
  sample: true
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._errors import Error
from ..module_utils._model import PRESENT, RECOVERED
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
        required_if=[('state', PRESENT, ['name'])],
    )
    try:
        result = run(module.params, module.check_mode, module._diff)
    except Error as e:
        # What could not be settled tells its own outcome.
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
