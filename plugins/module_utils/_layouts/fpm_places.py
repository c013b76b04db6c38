# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Where each kind of host keeps the FPM of a version of PHP.

Debian and Ubuntu have one for each version, with settings of its own for each server; RHEL and
SUSE have one, RHEL's with the settings of the module.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._model import FpmPlaces

# The last part of the names of all that we write for it.
NAME = 'zz-webops-php-fpm.conf'
# httpd asks FPM by these, and hands on what it would not by itself.
MODULES = ('proxy', 'proxy_fcgi', 'setenvif')
_VERSION = re.compile(r'libphp(\d+(?:\.\d+)?)\.so$')


def places_for(layout, module, version):
    """Return the FpmPlaces of the FPM that belongs to a module of PHP; None where a layout has no
    known place for one.

    layout: its name; module: path of the module; version: of PHP as '8.2', or None.
    """
    make = _MAKERS.get(layout)
    return make(module, version) if make else None


def named_version(module):
    """Return the version that the name of a module says, as '8.2'; None where it says none."""
    found = _VERSION.search(module)
    return found.group(1) if found else None


def _debian(module, version):
    named = named_version(module) or version
    if named is None:
        return None
    unit = 'php%s-fpm' % named
    base = '/etc/php5' if named == '5' else '/etc/php/%s' % named
    return FpmPlaces(
        package=unit,
        unit=unit,
        programs=('/usr/sbin/php5-fpm',) if named == '5' else ('/usr/sbin/php-fpm%s' % named,),
        pools=base + '/fpm/pool.d',
        ini=base + '/apache2',
        scanned=base + '/apache2/conf.d',
        part='/etc/apache2/conf-enabled/' + NAME,
        target='../conf-available/' + NAME,
        modules=MODULES,
    )


def _redhat(module, version):
    return FpmPlaces(
        package='php-fpm',
        unit='php-fpm',
        programs=('/usr/sbin/php-fpm',),
        pools='/etc/php-fpm.d',
        ini=None,
        scanned=None,
        part='/etc/httpd/conf.d/' + NAME,
        target=None,
        modules=MODULES,
    )


def _suse(module, version):
    major = (version or '8').partition('.')[0]
    base = '/etc/php%s' % major
    return FpmPlaces(
        package='php%s-fpm' % major,
        unit='php-fpm',
        programs=('/usr/sbin/php-fpm', '/usr/sbin/php%s-fpm' % major),
        pools=base + '/fpm/php-fpm.d',
        ini=base + '/apache2',
        scanned=base + '/conf.d',
        part='/etc/apache2/conf.d/' + NAME,
        target=None,
        modules=MODULES,
    )


_MAKERS = {
    'mods_enabled': _debian,
    'loadmodule': _redhat,
    'sysconfig_apache2': _suse,
}
