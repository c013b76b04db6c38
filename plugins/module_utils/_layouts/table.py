# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Every layout that this collection knows, in the order in which they are tried."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from . import loadmodule, mods_enabled, mpm_package, sysconfig_apache2, sysconfig_httpd

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .record import Layout  # noqa: F401

LAYOUTS = (
    sysconfig_httpd.LAYOUT,
    sysconfig_apache2.LAYOUT,
    mods_enabled.LAYOUT,
    mpm_package.LAYOUT,
    loadmodule.LAYOUT,
)


def layout_named(name):
    # type: (str) -> Layout
    """Return the Layout with this name."""
    return dict((layout.name, layout) for layout in LAYOUTS)[name]
