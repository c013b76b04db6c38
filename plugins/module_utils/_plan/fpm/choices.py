# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a user can choose for PHP where the MPM cannot have its module, and what each choice would
do on this host.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._fields import TYPE_CHECKING
from ..._layouts.table import layout_named
from ..._model import BY_MODULE
from ..._text import foreign
from .. import outlook
from . import carry, rules

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..case import Case  # noqa: F401

_SAY = '-e switch_mpm_php=%s'
# The rules that say why FPM cannot take over.
_OF_FPM = (
    rules.fpm_missing,
    rules.fpm_unusable,
    rules.php_lost_in_folders,
    rules.fpm_in_use,
    rules.php_not_carried,
)


def choices_in_words(case):
    # type: (Case) -> str
    """Return the choices, each with the words to say and with what it would do."""
    told = [
        ('fpm', _fpm(case)),
        ('zts', _zts(case)),
        ('none', _none(case)),
        ('keep', 'leaves what loads PHP alone, and is refused while that is not thread-safe'),
    ]
    words = '; '.join('%s %s' % (_SAY % name, what) for name, what in told)
    return 'Choose how PHP runs, as php: NAME of the module, or: %s. Or stay with prefork.' % words


def _fpm(case):
    # type: (Case) -> str
    moved = case._replace(
        wanted=case.wanted._replace(php='fpm'), carried=carry.carry(case.state, case.wanted.mpm)
    )
    against = [finding for rule in _OF_FPM for finding in rule(moved)]
    if against:
        words = ' '.join('%s: %s %s' % (one.rule, one.reason, one.fix) for one in against)
        return 'has FPM run it, which is refused for now (%s)' % words.rstrip('.')
    if moved.carried is None:
        return 'leaves it with FPM, which runs it already'
    unit, carried = case.state.fpm.places.unit, moved.carried
    words = 'has %s run it as mod_php does now, in %d pool%s of %d processes at most' % (
        unit,
        len(carried.pools),
        's' * (len(carried.pools) != 1),
        carried.size.most,
    )
    settings = outlook.look_ahead(case.state, carried.tree, case.wanted.mpm).php.site_settings
    if settings:
        words += ' (but for php_htaccess: settings of mod_php in .htaccess files, such as %s line '
        words += '%d)'
        words %= (foreign(settings[0][0]), settings[0][1])
    return words


def _zts(case):
    # type: (Case) -> str
    package = layout_named(case.state.layout).zts_package
    if 'ts' in case.state.installed.php_files.values():
        return 'loads the thread-safe module that is there'
    if package:
        return 'loads a thread-safe module, once you install the package %s' % package
    return 'needs a thread-safe module, of which no package is known here'


def _none(case):
    # type: (Case) -> str
    sites = set(one.site for one in case.mappings if one.now.how == BY_MODULE)
    return 'loads no PHP: %d site%s of which mod_php runs pages answer%s 403 for them' % (
        len(sites),
        's' * (len(sites) != 1),
        's' * (len(sites) == 1),
    )
