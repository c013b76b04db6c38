# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation that several modules share."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment(object):
    """What these modules say about the hosts that they work on."""

    DOCUMENTATION = r"""
requirements:
  - Python 2.6, 2.7 or 3.5 and newer on the host, standard library only.
notes:
  - Hosts that choose the MPM by C(HTTPD=) in C(/etc/sysconfig/httpd), by C(LoadModule), by links in
    C(mods-enabled) or by C(APACHE_MPM) are supported by this version.
  - The MPM that runs is read from C(/proc), never from C(httpd -V), which describes the program on
    disk.
attributes:
  check_mode:
    description: Whether check mode reports what the real run does, and writes nothing.
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
      - The httpd program, if it is not the usual one, as for a Software Collection or a build from
        source.
      - It runs in the environment of its unit, of C(scl enable) for programs in C(/opt/rh), and of
        the C(envvars) beside it.
      - With this, O(service) or O(config) the server must load its MPM by C(LoadModule); instances
        of other kinds, such as Debian's C(apache2@NAME), are refused.
    type: path
  service:
    description:
      - The name of the server's service, if it is not the usual one, such as C(httpd24-httpd) or
        C(httpd@blue).
      - A systemd unit or an init script has to start the program; a server that no service starts
        is refused.
    type: str
  config:
    description: The main configuration file, if a script gives the program another one. It is not
      needed if a unit names it.
    type: path
"""
