# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hosts with mod_php that have the FPM of the same version."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._layouts import (
    fpm_places,
    mods_enabled,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

DEBIAN_FPM = model.Fpm(
    places=fpm_places.places_for('mods_enabled', hosts.DEBIAN_PHP, '8.2'),
    version='8.2',
    program='/usr/sbin/php-fpm8.2',
    enabled=False,
    active=False,
    problem=None,
    own_pools=(),
    drop_in='/etc/systemd/system/php8.2-fpm.service.d/webops-apache.conf',
    pool_file='/etc/php/8.2/fpm/pool.d/zz-webops-apache.conf',
    files={
        '/etc/systemd/system/php8.2-fpm.service.d/webops-apache.conf': None,
        '/etc/php/8.2/fpm/pool.d/zz-webops-apache.conf': None,
    },
    umask='0022',
    memory=model.FpmMemory(4096 * 1024, 16 * 1024),
    private_tmp=True,
)
PART = '/etc/apache2/conf-available/zz-webops-php-fpm.conf'
# What httpd needs to ask FPM, as Debian has it.
LOAD = u'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n'
PROXIES = dict(
    ('%s/%s.load' % (mods_enabled.AVAILABLE, name), LOAD % (name, name))
    for name in fpm_places.MODULES
)


def debian_with_fpm(fpm=DEBIAN_FPM, more=(), **options):
    """A Debian host with mod_php and the FPM beside it. more: {path: text or Link}."""
    disk = hosts.debian_disk(more=dict(PROXIES, **dict(more)), **options)
    environment = {'APACHE_RUN_USER': 'www-data', 'APACHE_RUN_GROUP': 'www-data'}
    state = hosts.debian_host(disk)
    evidence = dict(state.disk.evidence, **dict(fpm.files, **{PART: None}))
    return hosts.changed(
        state,
        evidence=evidence,
        fpm=fpm,
        launch=state.launch._replace(environment=environment),
    )


def after(state, plan):
    """The same host once a plan is done, FPM's files and unit included."""
    done = hosts.after(state, plan)
    files = dict((path, done.disk.evidence[path]) for path in state.fpm.files)
    there = any(files.values())
    return done._replace(fpm=state.fpm._replace(files=files, active=there, enabled=there))


def carried(state=None, mpm='event'):
    """The same host once a switch with php: fpm is done."""
    state = state or debian_with_fpm()
    return after(state, planner.build_plan(state, hosts.wanted(mpm, php='fpm')))
