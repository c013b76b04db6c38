"""Sites with PHP on a test host: pages that say who runs them, with a word only the source has."""

from __future__ import annotations

import json

from field import FieldHost

# Only the source of a page has it.
MARKER = 'word-of-the-source'
PAGE = f"<?php /* {MARKER} */ echo php_sapi_name(), ' ', basename(__FILE__);\n"
MODULE, FPM = 'apache2handler', 'fpm-fcgi'
PROXY = 'proxy:unix:/run/php/php8.2-fpm.sock|fcgi://localhost'
BY_FPM = f'<FilesMatch "\\.ph(p|ar|tml)$">\nSetHandler "{PROXY}"\n</FilesMatch>\n'
SITES = '/etc/apache2/sites-enabled'
# The next command finds the socket.
START_FPM = 'systemctl start php8.2-fpm || service php8.2-fpm start'


def add_site(host: FieldHost, name: str, lines: str = '', port: int = 80) -> None:
    """Add a virtual host with these lines, and a page of PHP at /page.php."""
    root = f'/var/www/{name}'
    host.write(f'{root}/page.php', PAGE)
    host.write(f'{root}/index.html', name)
    host.write(
        f'{host.layout.sites}/{name}.conf',
        f'<VirtualHost *:{port}>\nServerName {name}.test\nDocumentRoot {root}\n{lines}'
        '</VirtualHost>\n',
    )


def enable_fpm(host: FieldHost) -> None:
    """Have FPM run, and httpd able to ask it; no site does."""
    host.shell('a2enmod -q proxy_fcgi setenvif && ' + START_FPM)


def asked(host: FieldHost, name: str, path: str = '/page.php', port: int = 80) -> str:
    """Return what a site answers: who ran the page, `source`, or the status."""
    status, text = host.visitor.get(path, port=port, name=f'{name}.test')
    if MARKER in text:
        return 'source'
    if status == 200 and text.split(' ')[0] in (MODULE, FPM, 'cgi-fcgi'):
        return text.split(' ')[0]
    return str(status)


def words(result: dict[str, object]) -> str:
    """Return all that a result says, as one text."""
    return json.dumps(result)
