# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What several modules say in their documentation."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment(object):
    """What both modules say of the hosts that they work on."""

    DOCUMENTATION = r"""
requirements:
  - Python 2.6, 2.7 or 3.5 and newer on the host, standard library only.
notes:
  - Hosts that choose the MPM by C(HTTPD=) in C(/etc/sysconfig/httpd), by C(LoadModule), by links in
    C(mods-enabled) or by C(APACHE_MPM) are supported by this version.
  - The MPM that runs is read from C(/proc), never from C(httpd -V), which speaks of the program on
    disk.
attributes:
  check_mode:
    description: Whether check mode tells what the real run does, and writes nothing.
    support: full
  platform:
    description: Systems on which it runs.
    platforms: posix
    support: full
"""

    PLACE = r"""
options:
  binary:
    description:
      - The httpd program, where it is not the usual one. A Software Collection or a build from
        source has its own.
      - It runs in the environment of its unit, of C(scl enable) for what lies in C(/opt/rh), and of
        the C(envvars) beside it.
      - With this, O(service) or O(config) the server is taken for one that loads its MPM by
        C(LoadModule); instances of other kinds, such as Debian's C(apache2@NAME), are refused.
    type: path
  service:
    description:
      - The name by which the service manager knows the server, where it is not the usual one, such
        as C(httpd24-httpd) or C(httpd@blue).
      - A unit of systemd or a script of init has to start the program; a server that no service
        starts is refused.
    type: str
  config:
    description: The main configuration file, where the program is told of another one by a script;
      what a unit says is read there.
    type: path
"""
