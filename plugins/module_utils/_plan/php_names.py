# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Names of files that stand for all that may be PHP somewhere, and patterns that take them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._fields import TYPE_CHECKING, NamedTuple
from .._syntax.httpd_conf import CLOSE, DIRECTIVE, OPEN, parse_lines, split_words
from .._syntax.php_words import FASTCGI, PHP_WORDS
from .._syntax.safe_patterns import example_names, finds_safely

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Collection, Iterable, Sequence  # noqa: F401

    from .._model import FolderHandler  # noqa: F401
    from .._syntax.evaluate import Active  # noqa: F401
    from .._syntax.httpd_conf import Line  # noqa: F401

# Endings that configurations in the wild map to PHP. Those that one maps itself come in addition.
ENDINGS = (
    '.php',
    '.php3',
    '.php4',
    '.php5',
    '.php7',
    '.php8',
    '.phtml',
    '.phar',
    '.phps',
    '.pht',
    '.inc',
    '.html',
    '.htm',
)
# Of a file with such an ending; alone it stands for files without one.
STEM = 'page'
# Stands for files with any other ending.
OTHER = STEM + '.any-other'
# So many endings, and names of single files, are judged; of so many words and patterns these are.
MAX_NAMES, MAX_WORDS, MAX_PATTERNS = 200, 5000, 300
_ENDING = re.compile(r'^\.?[A-Za-z0-9_-]{1,20}$')
_LITERAL = re.compile(r'^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,60}$')
_PLAIN = re.compile(r'^[\w-]+$')
_FILES = ('files', 'filesmatch')
# Endings of scripts, whatever the configuration maps; it may map more.
_SCRIPTS = ('php[0-9]?', 'phtml', 'phar')
_USUAL = re.compile(r'^(%s)$' % '|'.join(_SCRIPTS))


# names: of files that stand for all that may be PHP; cut: there are more than can be judged; meant:
# those of them that a line of the configuration gives to PHP, whether it is read now or not.
PhpNames = NamedTuple('PhpNames', [('names', 'list[str]'), ('cut', 'bool'), ('meant', 'set[str]')])


class Names(object):
    """Collects names. cut: there are more than can be judged; meant: endings, and names of single
    files, that a line gives to PHP.
    """

    def __init__(self):
        # type: () -> None
        self.endings, self.known = list(ENDINGS), set(ENDINGS)
        self.literal, self.any_name, self.cut = [], False, False  # type: list[str], bool, bool
        self.patterns, self.words = set(), set()  # type: set[str], set[str]
        self.meant = set()  # type: set[str]

    def add(self, name, args, files):
        # type: (str, list[str], tuple[str, Sequence[str]] | None) -> None
        """Learn from a directive. args: its words; files: (name, words) of the innermost <Files>
        around it, or None.
        """
        if name in ('addhandler', 'addtype') and args and is_php_word(args[0]):
            for word in args[1:]:
                if _ENDING.match(word):
                    self._add_ending('.' + word.lstrip('.').lower())
        if name in ('sethandler', 'forcetype') and args and is_php_word(args[0]):
            self._add_all(files)

    def add_literal(self, word):
        # type: (str) -> None
        """Learn the name of a file that has rules of its own."""
        if word not in self.words and _LITERAL.match(word):
            self.cut = self.cut or len(self.words) >= MAX_WORDS
            if not self.cut:
                self.words.add(word)
                self.literal.append(word)

    def _add_ending(self, ending):
        # type: (str) -> None
        self.meant.add(ending)
        if ending not in self.known:
            self.cut = self.cut or len(self.known) >= MAX_NAMES
            if not self.cut:
                self.known.add(ending)
                self.endings.append(ending)

    def _add_all(self, files):
        # type: (tuple[str, Sequence[str]] | None) -> None
        """Learn which names a section gives to PHP."""
        if files is None:
            self.any_name = True
            return
        section, words = files
        if not words:
            return
        pattern = words[-1]
        if section == 'filesmatch' or words[0] == '~':
            self._add_pattern(pattern)
        elif pattern.strip('*') == '':
            self.any_name = True
        else:
            self._add_name(pattern.replace('*', STEM))

    def _add_pattern(self, pattern):
        # type: (str) -> None
        if pattern in self.patterns:
            return
        self.cut = self.cut or len(self.patterns) >= MAX_PATTERNS
        if self.cut:
            return
        self.patterns.add(pattern)
        takes_all = finds_safely(pattern, STEM) or finds_safely(pattern, OTHER)
        self.any_name = self.any_name or bool(takes_all)
        for word in example_names(pattern):
            name = STEM + word if word.startswith('.') else word
            if _LITERAL.match(name) and finds_safely(pattern, name):
                self._add_name(name)

    def _add_name(self, name):
        # type: (str) -> None
        stem, dot, ending = name.partition('.')
        if stem == STEM and dot and _ENDING.match(ending):
            self._add_ending(dot + ending.lower())
        elif _LITERAL.match(name):
            self._add_ending(name)

    def found(self):
        # type: () -> PhpNames
        """Return the PhpNames: each name once, the usual ones first."""
        names = self._list()
        meant = set(STEM + one if one.startswith('.') else one for one in self.meant)
        meant |= set([STEM, OTHER] if self.any_name else [])
        return PhpNames(names, self.cut, meant & set(names))

    def _list(self):
        # type: () -> list[str]
        endings = [word for word in self.endings if word.startswith('.')]
        names = [STEM, OTHER] if self.any_name else []
        names += [STEM + ending for ending in endings]
        names += [word for word in self.endings if not word.startswith('.')]
        some = [word for word in self.literal if _has_ending(word, endings)]
        self.cut = self.cut or len(some) > MAX_NAMES
        names += some[:MAX_NAMES]
        return sorted(set(names), key=names.index)


def is_php_word(word):
    # type: (str) -> bool
    """Return whether a handler or a type gives files to PHP, or to a FastCGI server."""
    return bool(PHP_WORDS.match(word.lower()) or FASTCGI.search(word)) or 'fcgi' in word.lower()


def _has_ending(word, endings):
    # type: (str, list[str]) -> bool
    lower = word.lower()
    return any(lower.endswith(ending) for ending in endings)


def learn_active(names, active, directives):
    # type: (Names, list[Active], frozenset[str]) -> None
    """Have Names learn from what is in force. active: [Active]; directives: names of those that
    decide something.
    """
    for item in active:
        files = None
        for section in item.sections:
            if section[0] in _FILES:
                files = section[:2]
            if section[0] == 'files' and item.name in directives and section[1]:
                names.add_literal(section[1][-1])
        names.add(item.name, item.args, files)


def learn_texts(names, texts):
    # type: (Names, Iterable[str]) -> None
    """Have Names learn from files, also from what conditions keep from being read now."""
    for text in texts:
        # Most files of many sites have no such line.
        if u'php' in text or u'fcgi' in text:
            _learn_lines(names, parse_lines(text))


def _learn_lines(names, lines):
    # type: (Names, list[Line]) -> None
    opened = []
    for line in lines:
        if line.kind == OPEN:
            opened.append((line.name, tuple(line.args)))
        elif line.kind == CLOSE and opened:
            opened.pop()
        elif line.kind == DIRECTIVE:
            files = [section for section in opened if section[0] in _FILES]
            names.add(line.name, line.args, files[-1] if files else None)


def learn_folders(names, handlers):
    # type: (Names, dict[str, list[FolderHandler]]) -> None
    """Have Names learn from .htaccess files. handlers: {path: [FolderHandler]}."""
    for path in sorted(handlers):
        for one in handlers[path]:
            files = [
                (name, tuple(split_words(text))) for name, text in one.sections if name in _FILES
            ]
            if one.name == 'rewriterule' and one.words:
                names.add('sethandler', _flag_words(one.words), ('filesmatch', one.words[:1]))
            else:
                names.add(one.name, list(one.words), files[-1] if files else None)
            for section, words in files:
                if section == 'files' and words:
                    names.add_literal(words[-1])


def _flag_words(words):
    # type: (Sequence[str]) -> list[str]
    """Return what the flags of a RewriteRule give a file to, or its target."""
    flags = u''.join(words[2:3]).strip(u'[]').split(u',')
    return [flag.partition(u'=')[2] for flag in flags if u'=' in flag] or list(words[1:2])


def ending_of(name):
    # type: (str) -> str
    """Return what stands behind the last dot of a name, in lower case; '' where there is none."""
    return name.rpartition('.')[2].lower() if '.' in name else ''


def pattern_of(names, wide):
    # type: (Collection[str], bool) -> str
    """Return the regular expression of files that some names stand for.

    mod_mime takes an ending anywhere in a name, and in upper case too. wide: those that PHP has
    everywhere are among them.
    """
    if OTHER in names:
        return u'.'
    endings = set(ending_of(name) for name in names if '.' in name)
    known = list(_SCRIPTS) if wide else []
    others = [word for word in endings if _PLAIN.match(word)]
    words = known + sorted(word for word in others if not (wide and _USUAL.match(word)))
    whole = sorted(re.escape(name) for name in names if '.' not in name)
    ways = [u'\\.(%s)(\\.|$)' % u'|'.join(words)] if words else []
    ways += [u'^[^.]+$' if name == STEM else u'^%s$' % name for name in whole]
    return u'(?i)' + u'|'.join(ways)
