# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One order of each kind, for tests: `orders.STOP._replace(pid=7)`. No field has its default."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.webops.apache.plugins.module_utils._model import Answer, Probe, SiteAnswer
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    NOTHING,
    Address,
    CommandOrder,
    DependentsOrder,
    Endpoint,
    Evidence,
    Expectation,
    FolderOrder,
    FpmOrder,
    HoldOrder,
    OverlapOrder,
    PageOrder,
    ProofOrder,
    RehearsalOrder,
    ReloadOrder,
    ReturnOrder,
    StageOrder,
    StartBesideOrder,
    StartOrder,
    StopOrder,
    SwapOrder,
    UnitOrder,
    Workers,
)

STAGE = StageOrder(paths=['/etc/httpd/conf/httpd.conf', u'/etc/caf\xe9'])
SWAP = SwapOrder(staged=1)
PAGE = PageOrder(path='/var/www/html/page.php', content='<?php ?>\n')
EXPECTED = Expectation(
    mpm='worker', exe='/usr/sbin/httpd', pid_file='/run/httpd.pid', ports=[80, 443], modules=['/m']
)
PROOF = ProofOrder(
    expected=EXPECTED,
    answers=[
        Answer('http://localhost/', 200, False, True, None),
        Answer('http://localhost/b', None, False, False, 'no answer'),
    ],
    probes=[Probe('http://localhost/', 200, 'words'), Probe('http://localhost/b', None, None)],
    soak=7,
    error_log='/var/log/httpd/error_log',
    addresses=[Address('0.0.0.0', 80), Address('::', 443)],
    token='t0k',
    page='/page.php',
    threaded_php=True,
    own_ports=True,
    crashes=True,
    sites=[SiteAnswer('a:80', 'http://a/', '192.0.2.1', 'off', 302, False)],
    site_pause=0.6,
)
EVIDENCE = Evidence(
    programs=['/usr/sbin/httpd'],
    owners=[0],
    users=[48],
    sockets=[7080],
    ports=[80],
    groups=['/system.slice/httpd.service'],
    spare=[9],
    spare_services=['httpd@b.service'],
)
STOP = StopOrder(
    evidence=EVIDENCE,
    pid=100,
    start_time=5,
    threaded=True,
    drain_timeout=30,
    stop_timeout=10,
    pid_file='/run/httpd.pid',
    announce=['/bin/systemctl', '--no-block', 'stop', '--', 'httpd'],
    settle=['/bin/systemctl', 'stop', '--', 'httpd'],
    service_timeout=31,
)
START = StartOrder(
    evidence=EVIDENCE,
    argv=['/bin/systemctl', 'start', '--', 'httpd'],
    exe='/usr/sbin/httpd',
    loaded=['/usr/lib64/httpd/modules/mod_mpm_worker.so'],
    pid_file='/run/httpd.pid',
    timeout=0.5,
    prepare=['/bin/systemctl', 'reset-failed', '--', 'httpd'],
    announce=['/bin/systemctl', '--no-block', 'stop', '--', 'httpd'],
    settle=['/bin/systemctl', 'stop', '--', 'httpd'],
    log='/var/log/httpd/error_log',
    drain_timeout=3,
)
START_BESIDE = StartBesideOrder(start=START, old=STOP)
DEPENDENTS = DependentsOrder(
    control='/bin/systemctl', units=['a.service', 'b.timer'], timeout=120
)
UNIT = UnitOrder(
    pid=100,
    unit='httpd.service',
    control='/bin/systemctl',
    folder='/run/webops',
    main_file='/run/webops/httpd.service.pid',
    ticket='/run/webops/httpd.service.start',
    drop_in='/run/systemd/system/httpd.service.d/zz.conf',
    text='[Service]\n',
)
RELOAD = ReloadOrder(told=UNIT, start=START, stop_all=START._replace(drain_timeout=8), old=STOP)
RETURN = ReturnOrder(told=UNIT, start=START, afresh=START._replace(timeout=9), old=STOP)
HOLD = HoldOrder(
    means='drop by nft', ports=[80], addresses=['192.0.2.1'], longest=30, token='ab12'
)
OVERLAP = OverlapOrder(
    told=UNIT,
    old=STOP,
    start=START,
    stop_all=START._replace(timeout=9),
    listeners=[Endpoint(4, '0.0.0.0', 80), Endpoint(6, '::', 80)],
    aside='/run/httpd.pid.webops-aside',
)
COMMAND = CommandOrder(argv=['/usr/sbin/start_apache2', '-t'])
FPM = FpmOrder(
    control='/bin/systemctl',
    unit='php8.2-fpm',
    enabled=True,
    active=True,
    test=['/usr/sbin/php-fpm8.2', '-t'],
    sockets=['/run/webops-php-fpm/webops-1.sock'],
    folder='/run/webops-php-fpm',
    timeout=7,
)
FOLDER = FolderOrder(path='/etc/systemd/system/php8.2-fpm.service.d')
# Nothing is to be done.
REHEARSAL = RehearsalOrder(
    argv=['/usr/sbin/httpd'],
    environment={},
    texts={},
    folders={},
    page=None,
    written=[],
    private=[],
    vital=[],
    workers=Workers(processes=1, threads=25),
    error_logs=[],
    live=100,
    live_threads=5,
    proof=PROOF,
    problem=None,
)

# {class: one of it}
EXAMPLES = dict(
    (type(each), each)
    for each in (
        NOTHING,
        STAGE,
        SWAP,
        PAGE,
        PROOF,
        STOP,
        START,
        START_BESIDE,
        DEPENDENTS,
        UNIT,
        RELOAD,
        RETURN,
        HOLD,
        OVERLAP,
        COMMAND,
        FPM,
        FOLDER,
    )
)
