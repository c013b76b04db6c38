"""Real configuration files, where a folder of them is at hand: WEBOPS_APACHE_CORPUS, or
../shared/corpus beside this checkout.

Around each file a tree is built that httpd can read to the end. What is changed for that, and
nothing else: ServerRoot and absolute Include paths lead into the tree; every PHP is the one of the
test host; a module of the host is loaded from its folder, and the line of one that it has not is
made a comment; what is included and not there is made up, from other files of the corpus.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from trees import MODULES, MPMS, NTS, PLACE, ZTS, Tree

HERE = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get('WEBOPS_APACHE_CORPUS') or HERE.parent / 'shared/corpus')
MAIN = ''.join(
    f'LoadModule {name}_module modules/mod_{name}.so\n'
    for name in ('unixd', 'authz_core', 'log_config', 'version')
)
PLACES = {'httpd_conf': 'conf/httpd.conf', 'mpm_conf': 'conf.modules.d/00-mpm.conf'}

LOAD = re.compile(r'^(\s*LoadModule\s+)"?(\w+)_module"?(\s+)(\S+)', re.IGNORECASE | re.MULTILINE)
LOAD_FILE = re.compile(r'^(?=\s*LoadFile\s)', re.IGNORECASE | re.MULTILINE)
PHP_GUARD = re.compile(r'(?<=<IfModule)(\s+!?)(?:mod_php\d?(\.c)|php\d?(_module))', re.IGNORECASE)
SERVER_ROOT = re.compile(r'^(\s*ServerRoot\s+)"?(/[^"\s]*)"?', re.IGNORECASE | re.MULTILINE)
INCLUDE = re.compile(r'^(\s*Include(?:Optional)?\s+)"?([^"\s]+)"?', re.IGNORECASE | re.MULTILINE)


class Corpus:
    """The trees for one server, and how many lines were set aside in them."""

    def __init__(self, modules: set[str], mpm: str | None = None) -> None:
        self.modules, self.mpm, self.set_aside = modules, mpm, 0
        self.texts = {
            path: path.read_bytes().decode('latin-1')
            for path in sorted(CORPUS.glob('*/*.conf'))
            if not path.parent.name.startswith('sysconfig_')
        }
        self.stubs = [text for path, text in self.texts.items() if path.parent.name == 'php_conf']

    def trees(self) -> Iterator[Tree]:
        """Yield a Tree around each file of the corpus."""
        for number, (path, text) in enumerate(self.texts.items()):
            yield self.tree(
                f'corpus-{number}' + (f'-{self.mpm}' if self.mpm else ''),
                path.parent.name,
                text,
                number,
            )

    def tree(self, name: str, kind: str, text: str, number: int) -> Tree:
        """Return the Tree around one file: `kind` says which file of a server it is."""
        root = f'{PLACE}/{name}'
        place = PLACES.get(kind, 'conf.d/php.conf')
        files = {place: text}
        if place != 'conf/httpd.conf':
            files['conf/httpd.conf'] = (
                f'ServerRoot {root}\n{MAIN}IncludeOptional conf.modules.d/*.conf\nInclude '
                f'conf.d/*.conf\n'
            )
            files.setdefault('conf.d/a.conf', 'Timeout 60\n')
        compiled = SERVER_ROOT.search(text)
        for line in INCLUDE.finditer(text):
            files.setdefault(
                self.included(line.group(2), compiled.group(2) if compiled else '/'),
                self.stubs[number % len(self.stubs)],
            )
        files = {
            path: self.adapted(text, root, compiled.group(2) if compiled else '/')
            for path, text in files.items()
        }
        if self.mpm and not any(
            LOAD.search(line) and 'mpm_' in line
            for text in files.values()
            for line in text.splitlines()
        ):
            files['conf/httpd.conf'] = (
                f'LoadModule mpm_{self.mpm}_module modules/mod_mpm_{self.mpm}.so\n'
                + files['conf/httpd.conf']
            )
        environment = {variable: root for variable in re.findall(r'\$\{(\w+)\}', text)}
        return Tree(name, files, {'modules': MODULES}, ['logs'], [], environment, self.mpm)

    def included(self, path: str, server_root: str) -> str:
        """The name of a file that an Include finds, below the root of the tree."""
        path = re.sub(r'^\$\{\w+\}/', '', path)
        path = path[len(server_root) :] if path.startswith(server_root.rstrip('/') + '/') else path
        path = re.sub(r'[*?]|\[[^]]*\]', 'x', path.lstrip('/'))
        return path + 'x.conf' if path.endswith('/') else path

    def adapted(self, text: str, root: str, server_root: str) -> str:
        """Return a file's text, changed as little as it takes for httpd to read it here."""

        def include(match: re.Match[str]) -> str:
            path = match.group(2)
            inner = (
                path[len(server_root) :] if path.startswith(server_root.rstrip('/') + '/') else path
            )
            return (
                f'{match.group(1)}"{root}/{inner.lstrip("/")}"'
                if path.startswith('/')
                else match.group(0)
            )

        text = PHP_GUARD.sub(
            lambda match: match.group(1) + ('mod_php5.c' if match.group(2) else 'php5_module'), text
        )
        text = SERVER_ROOT.sub(
            lambda match: f'{match.group(1)}"{root}"', INCLUDE.sub(include, text)
        )
        return LOAD.sub(self.load, LOAD_FILE.sub('#', text))

    def load(self, match: re.Match[str]) -> str:
        """Return the LoadModule line as this server can take it, else a comment."""
        start, name, space, path = match.groups()
        if re.match(r'php\d?$', name):
            return f'{start}php5_module{space}{ZTS if "zts" in path else NTS}'
        if f'mod_{name}.so' in self.modules and (self.mpm or name[4:] not in MPMS):
            return f'{start}{name}_module{space}modules/mod_{name}.so'
        self.set_aside += 1
        return '#' + match.group(0).lstrip('\n')
