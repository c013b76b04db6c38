# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Words by which configurations give files to PHP."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

FASTCGI = re.compile(r'fcgi://|^proxy:unix:|^proxy:fcgi|balancer://', re.IGNORECASE)
# Handlers and types of PHP that only its module, or an Action, makes something of.
PHP_WORDS = re.compile(r'^(application/x-httpd-(php|lsphp|ea-php)|php[0-9.]*-|x-httpd-php)')


def names_program(word):
    # type: (str) -> bool
    """Return whether a handler, a type, or the flags of a RewriteRule give files to a program that
    runs PHP. They may give them to another FastCGI server.
    """
    lower = word.lower()
    return bool(PHP_WORDS.match(lower) or FASTCGI.search(word)) or 'fcgi' in lower or (
        '=' in lower and 'php' in lower
    )
