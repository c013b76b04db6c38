# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""What a layout is: where a host keeps its choice of MPM, as a record of facts and small pure functions."""
from collections import namedtuple

# evidence: files that tell this layout from the others; choice_file: where the choice is written;
# packages: {mpm: package that has it}; the functions are described where the layouts define them.
Layout = namedtuple('Layout', 'name service evidence choice_file packages zts_package php_package detect default_binary '
                              'candidate_binaries read_choice read_options pid_file sourced write_choice')
