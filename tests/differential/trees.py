"""Trees of configuration as people might have them, each known by the seed and its number."""

import random
from collections.abc import Callable
from typing import NamedTuple

from spelling import Speller

PLACE, MODULES = '/opt/differential/trees', '/usr/lib64/httpd/modules'
# Some that every server has to have for its test to get to the end, and some that do no harm.
BASE = ('unixd', 'authz_core', 'log_config')
HARMLESS = (
    'env',
    'headers',
    'expires',
    'deflate',
    'dir',
    'alias',
    'mime',
    'setenvif',
    'status',
    'autoindex',
    'actions',
    'userdir',
    'filter',
)
NTS, ZTS = 'modules/libphp5.so', 'modules/libphp5-zts.so'
MPMS = ('prefork', 'worker', 'event')
NAMES = (
    'a.conf',
    'B.conf',
    '10-x.conf',
    '9.conf',
    'with blank.conf',
    'z.conf',
    '.hidden.conf',
    'README',
    'x.conf.rpmsave',
    '_default.conf',
)
STOCK_PHP = (('prefork.c', NTS), ('worker.c', ZTS))


class Tree(NamedTuple):
    """A tree of configuration.

    files: {path below the root: text}; links: {path: where to}; options: words for the command
    line; environment: {name: value}.
    """

    name: str
    files: dict[str, str]
    links: dict[str, str]
    folders: list[str]
    options: list[str]
    environment: dict[str, str]
    mpm: str | None


def make_tree(seed: int, number: int, mpm: str | None = None, macros: bool = True) -> Tree:
    """Return a Tree; with `mpm`, one for a server that loads its MPM: the trees of a number
    differ in nothing else. macros: mod_macro is there.
    """
    name = f's{seed}-{number}' + (f'-{mpm}' if mpm else '')
    return _Maker(random.Random(f'{seed}/{number}'), name, mpm, macros).make()


# How often a section is tried, its name, and what it may ask for. ROOT: the folder of the tree.
CONDITIONS = (
    (10, 'IfModule', [f'{mpm}.c' for mpm in MPMS] + [f'mpm_{mpm}_module' for mpm in MPMS]),
    (
        8,
        'IfModule',
        'mod_php5.c php5_module mod_php7.c php_module mod_so.c core.c itk.c Prefork.c so_module '
        'http_core.c'.split(),
    ),
    (
        8,
        'IfModule',
        [f'mod_{name}.c' for name in HARMLESS] + [f'{name}_module' for name in HARMLESS],
    ),
    (8, 'IfDefine', 'X Y x PROD SSL'.split()),
    (
        4,
        'IfVersion',
        [
            '>= 2.4',
            '< 2.4',
            '2.4',
            '>= 2.4.10',
            '~ ^2.4',
            '/^2.2/',
            '<= 2.5',
            '!>= 2.4',
            '!< 2.4',
            '> 2',
            '= 2.4.68',
            '>= "2.3"',
        ],
    ),
    (
        5,
        'IfDirective',
        'MinSpareThreads MinSpareServers minspareservers php_value DocumentRoot LoadModule Header '
        'SetEnv Listen ExpiresActive AddType Use AsyncRequestWorkerFactor Alias SetEnvIf '
        'DirectoryIndex'.split(),
    ),
    (3, 'IfSection', 'Directory VirtualHost IfVersion Macro RequireAll Proxy ifsection'.split()),
    (
        3,
        'IfFile',
        'conf/httpd.conf /etc/passwd none empty ROOT/conf dangling conf/../empty'.split(),
    ),
)


class _Maker:
    """Makes up one tree, file by file, in the order in which httpd reads it."""

    def __init__(self, rng: random.Random, name: str, mpm: str | None, macros: bool) -> None:
        self.rng, self.name, self.mpm = rng, name, mpm
        # {name: parameters} of those that are certain to be known; None without mod_macro.
        self.macros: dict[str, tuple[str, ...]] | None = {} if macros else None
        self.root, self.budget, self.serial = f'{PLACE}/{name}', rng.randint(8, 60), 0
        self.files: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.environment: dict[str, str] = {}
        self.folders = ['logs', 'empty']
        self.odd_mpm, self.inside, self.making = rng.random() < 0.12, False, False
        self.kinds = [
            (self.comment, 12),
            (self.plain, 8),
            (self.load, 14),
            (self.php, 9),
            (self.condition, 22),
            (self.container, 5),
            (self.define, 10),
            (self.include, 16),
            (self.server_root, 1),
            (self.blank, 4),
            (self.by_variable, 3),
            (self.macro, 7),
        ]

    def make(self) -> Tree:
        options = [
            word for name in ('PROD', 'SSL') if self.rng.random() < 0.25 for word in ('-D', name)
        ]
        if self.rng.random() < 0.3:
            self.environment['CONFDIR'] = self.rng.choice(['extra', 'conf.d', 'one'])
        self.write('conf/httpd.conf', self.main)
        self.links['modules'] = MODULES
        return Tree(
            self.name, self.files, self.links, self.folders, options, self.environment, self.mpm
        )

    def write(self, path: str, make: Callable[[Speller], str]) -> None:
        """Make one file; it is claimed first, so that none that it includes takes its name."""
        self.files[path] = ''
        text = make(Speller(self.rng))
        if self.rng.random() < 0.1:
            text = text.rstrip('\r\n')
        self.files[path] = text

    def main(self, to: Speller) -> str:
        text = self.rng.choice(
            [to.line(0, 'ServerRoot', self.root), to.line(0, 'ServerRoot', self.root + '/'), '']
        )
        text += to.line(0, 'ServerName', 'localhost') + to.line(0, 'Listen', '127.0.0.1:8099')
        more = (('version',) if self.rng.random() < 0.95 else ()) + (
            ('macro',) if self.macros is not None and self.rng.random() < 0.97 else ()
        )
        base = [self.load_line(to, 0, name) for name in BASE + more]
        self.rng.shuffle(base)
        text += ''.join(base)
        early = self.statements(to, 0) if self.rng.random() < 0.3 else ''
        return text + early + self.mpm_lines(to) + self.statements(to, 0) + self.statements(to, 0)

    def statements(self, to: Speller, depth: int) -> str:
        """Some statements, fewer the deeper."""
        text = ''
        for _number in range(self.rng.randint(0 if depth else 2, max(2, 7 - depth))):
            if self.budget > 0:
                self.budget -= 1
                make = self.rng.choices(
                    [kind for kind, _weight in self.kinds], [weight for _kind, weight in self.kinds]
                )[0]
                text += make(to, depth)
        return text

    # --- lines

    def comment(self, to: Speller, depth: int) -> str:
        text = self.rng.choice(
            [
                'Text.',
                f'LoadModule php5_module {NTS}',
                '<IfModule prefork.c>',
                '</IfModule>',
                'Include empty',
                '',
            ]
        )
        return to.comment(text, self.load(to, depth))

    def blank(self, to: Speller, _depth: int) -> str:
        return self.rng.choice(['', '  ', '\t']) + to.end

    def plain(self, to: Speller, depth: int) -> str:
        return to.line(
            depth,
            *self.rng.choice(
                [
                    ('UseCanonicalName', 'Off'),
                    ('ServerSignature', 'Off'),
                    ('HostnameLookups', 'Off'),
                ]
            ),
        )

    def load_line(self, to: Speller, depth: int, name: str) -> str:
        folder = self.rng.choice(['modules', 'modules', 'modules', self.root + '/modules', MODULES])
        return to.line(depth, 'LoadModule', f'{name}_module', f'{folder}/mod_{name}.so')

    def load(self, to: Speller, depth: int) -> str:
        return self.load_line(to, depth, self.rng.choice(HARMLESS))

    def php(self, to: Speller, depth: int) -> str:
        """PHP as it comes with the distributions, or as people leave it."""
        kind = self.rng.random()
        if kind < 0.25:
            return to.line(depth, 'LoadModule', 'php5_module', self.rng.choice([NTS, ZTS, ZTS]))
        if kind < 0.6:
            return ''.join(
                to.section(
                    depth, 'IfModule', guard, to.line(depth + 1, 'LoadModule', 'php5_module', path)
                )
                for guard, path in STOCK_PHP
            )
        guard, path = self.rng.choice(
            [
                ('prefork.c', NTS),
                ('!prefork.c', ZTS),
                ('mpm_prefork_module', NTS),
                ('!mpm_event_module', ZTS),
                ('mpm_itk.c', NTS),
            ]
        )
        inner = to.section(
            depth + 1, 'IfModule', guard, to.line(depth + 2, 'LoadModule', 'php5_module', path)
        )
        return to.section(
            depth,
            'IfModule',
            self.rng.choice(['!mod_php5.c', '!php5_module', '!mod_php7.c']),
            inner,
        )

    def define(self, to: Speller, depth: int) -> str:
        name = self.rng.choice(['X', 'Y', 'PROD', 'Dir'])
        if self.rng.random() < 0.2:
            return to.line(depth, 'UnDefine', name)
        value = self.rng.choice([None, 'prefork', 'worker', 'env', 'a b', '${Y}', 'one', 'two', ''])
        return to.line(depth, 'Define', name, *([] if value is None else [value]))

    def by_variable(self, to: Speller, depth: int) -> str:
        """A line that means something else wherever the variable has another value."""
        return self.rng.choice(
            [
                to.line(depth, 'Define', 'X', 'env')
                + to.line(depth, 'LoadModule', '${X}_module', 'modules/mod_${X}.so'),
                to.section(depth, 'IfModule', '${X}.c', self.load(to, depth + 1)),
                to.section(depth, 'IfModule', 'mpm_${y}_module', self.load(to, depth + 1)),
                to.section(depth, 'IfDefine', '${Y}', self.load(to, depth + 1)),
            ]
        )

    def macro(self, to: Speller, depth: int) -> str:
        """A macro, sometimes one that nobody uses, or the use of one; only where it is certain
        to be known, or httpd stops there.
        """
        if self.macros is None or self.making:
            return self.load(to, depth)
        name = self.rng.choice(['Vhost', 'PHP', 'load', 'M'])
        if self.macros.get(name.lower()) and self.rng.random() < 0.6:
            values = [
                self.rng.choice(['env', 'headers', 'prefork.c', 'worker.c', '!event.c', 'a b'])
                for _parameter in self.macros[name.lower()]
            ]
            return to.line(depth, 'Use', self.rng.choice([name, name.upper()]), *values)
        name += '-inner' if depth or self.inside else ''
        parameters = self.rng.choice([(), (), ('$x',), ('$x', '$xy'), ('%x', '@y')])
        self.making = True
        body = self.statements(to, depth + 1) + ''.join(
            self.with_parameter(to, depth + 1, parameter) for parameter in parameters
        )
        self.making = False
        text = to.section(depth, 'Macro', ' '.join((name,) + parameters), body, odd=False)
        if not depth and not self.inside:
            self.macros[name.lower()] = parameters
        return text

    def with_parameter(self, to: Speller, depth: int, parameter: str) -> str:
        load = self.load(to, depth + 1)
        if parameter.startswith('@'):
            return to.line(depth, 'Define', 'X') + f'Define Y {parameter}{to.end}'
        return f'<IfModule {parameter}>{to.end}{load}</IfModule>{to.end}'

    def server_root(self, to: Speller, depth: int) -> str:
        return to.line(
            depth,
            'ServerRoot',
            self.rng.choice([self.root, self.root + '/', self.root + '/conf/..']),
        )

    # --- sections

    def condition(self, to: Speller, depth: int) -> str:
        kind, names = self.rng.choices(
            [condition[1:] for condition in CONDITIONS], [condition[0] for condition in CONDITIONS]
        )[0]
        name = self.rng.choice(names).replace('ROOT', self.root)
        argument = name if kind == 'IfVersion' else to.condition(name)
        body = self.statements(to, depth + 1)
        self.links['dangling'] = 'nowhere'
        return to.section(depth, kind, argument, body)

    def container(self, to: Speller, depth: int) -> str:
        if self.inside:
            return self.condition(to, depth)
        self.inside = True
        name, argument = self.rng.choice(
            [
                ('VirtualHost', '*:80'),
                ('Directory', '/srv'),
                ('Directory', '"/srv/a b"'),
                ('Location', '/x'),
                ('Files', '*.php'),
            ]
        )
        body = self.statements(to, depth + 1)
        self.inside = False
        return to.section(depth, name, argument, body)

    # --- includes

    def include(self, to: Speller, depth: int) -> str:
        if depth > 5 or self.budget < 2:
            return ''
        return self.rng.choices(
            [
                self.one_file,
                self.wildcard,
                self.folder,
                self.missing,
                self.linked,
                self.several_values,
            ],
            [6, 7, 2, 1, 2, 2],
        )[0](to, depth)

    def include_line(self, to: Speller, depth: int, path: str, optional: float = 0.4) -> str:
        path = self.root + '/' + path if self.rng.random() < 0.2 else path
        return to.line(
            depth, 'IncludeOptional' if self.rng.random() < optional else 'Include', path
        )

    def new_folder(self) -> str:
        self.serial += 1
        return self.rng.choice(['conf.d', 'extra', 'sites enabled', 'conf.modules.d']) + (
            str(self.serial) if self.serial > 1 else ''
        )

    def new_file(self, path: str) -> None:
        if self.rng.random() < 0.06:
            self.files[path] = ''
        else:
            self.write(path, lambda to: self.statements(to, 1))

    def one_file(self, to: Speller, depth: int) -> str:
        path = f'{self.new_folder()}/{self.rng.choice(NAMES)}'
        self.new_file(path)
        return self.include_line(to, depth, path) * (2 if self.rng.random() < 0.05 else 1)

    def wildcard(self, to: Speller, depth: int) -> str:
        folder = self.new_folder()
        for name in sorted(self.rng.sample(NAMES, self.rng.randint(1, 4))):
            self.new_file(f'{folder}/{name}')
        pattern = self.rng.choice(
            [
                '*.conf',
                '*.conf',
                '*.conf',
                '*',
                '[a-z]*.conf',
                '?.conf',
                '[!a]*',
                '[0-9]*',
                '.*.conf',
                '*[^d]',
            ]
        )
        return self.include_line(
            to,
            depth,
            self.rng.choice([folder] * 6 + [folder[:-1] + '?', folder[:-1] + '*']) + '/' + pattern,
            0.9,
        )

    def folder(self, to: Speller, depth: int) -> str:
        folder = self.new_folder()
        for name in self.rng.sample(NAMES, self.rng.randint(0, 2)) + [
            'sub/' + name for name in self.rng.sample(NAMES, self.rng.randint(0, 2))
        ]:
            self.new_file(f'{folder}/{name}')
        self.folders.append(folder)
        return self.include_line(to, depth, folder + self.rng.choice(['', '/', '/s*']), 0.8)

    def missing(self, to: Speller, depth: int) -> str:
        return self.include_line(
            to, depth, self.rng.choice(['none.conf', 'none/*.conf', 'empty/*.conf', 'empty']), 0.97
        )

    def linked(self, to: Speller, depth: int) -> str:
        """A link to a file in a folder full of links, as in sites-enabled, or a link to such a
        folder.
        """
        real, folder = self.new_folder(), self.new_folder()
        for name in self.rng.sample(NAMES, 2):
            self.new_file(f'{real}/{name}')
            self.links[f'{folder}/{name}'] = f'../{real}/{name}'
        if self.rng.random() < 0.3:
            self.links['linked' + str(self.serial)] = folder
            folder = 'linked' + str(self.serial)
        return self.include_line(to, depth, f'{folder}/*.conf', 0.9)

    def several_values(self, to: Speller, depth: int) -> str:
        """A variable that says which file or folder to read, often set in a branch."""
        folder = self.new_folder()
        for value in ('one', 'two'):
            for name in self.rng.sample(NAMES[:6], 2):
                self.new_file(f'{folder}/{value}/{name}')
        name = self.rng.choice(['Dir', 'X', 'CONFDIR'])
        text = to.line(depth, 'Define', name, 'one') if name != 'CONFDIR' else ''
        text += self.rng.choice(
            [
                '',
                to.section(
                    depth, 'IfModule', 'prefork.c', to.line(depth + 1, 'Define', name, 'two')
                ),
                to.section(depth, 'IfDefine', 'PROD', to.line(depth + 1, 'Define', name, 'two')),
            ]
        )
        pattern = '${%s}/%s' % (
            self.rng.choice([name, name, name.lower()]),
            self.rng.choice(['*.conf', '*', '[a-z]*']),
        )
        return text + self.include_line(to, depth, f'{folder}/{pattern}', 1)

    # --- the MPM of a server that loads it

    def mpm_lines(self, to: Speller) -> str:
        if not self.mpm:
            return ''
        lines = [
            to.line(0, 'LoadModule', f'mpm_{mpm}_module', f'modules/mod_mpm_{mpm}.so')
            for mpm in MPMS
        ]
        wanted = lines[MPMS.index(self.mpm)]
        others = ['#' + line for line in lines if line != wanted and '\\' not in line]
        if self.odd_mpm:
            wanted = self.rng.choice(
                [
                    '',
                    wanted + wanted,
                    ''.join(lines),
                    wanted + lines[0],
                    to.section(0, 'IfModule', '!prefork.c', wanted),
                    to.section(0, 'IfDefine', 'X', wanted),
                    lines[0] + to.section(0, 'IfModule', '!mpm_prefork_module', wanted),
                    to.section(0, 'IfDefine', '!PROD', wanted),
                ]
            )
        block = ''.join(self.rng.sample(others + [wanted], len(others) + 1))
        if self.rng.random() < 0.3:
            return block
        self.files['mods/00-mpm.conf'] = block
        return self.include_line(
            to, 0, self.rng.choice(['mods/00-mpm.conf', 'mods/*.conf', 'mods'])
        )
