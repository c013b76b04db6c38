"""EL6: the thread-safe PHP has folders of its own, and what a package put into the others is not
there.
"""

from field import on
from php_sites import words

# An extension is only looked at here: it has the mark of its kind and is never loaded.
MARKS = {'php': 'API20190902,NTS', 'php-zts': 'API20190902,TS'}
FOLDERS = {
    'php': '/usr/lib/php/extensions/no-debug-non-zts-20190902',
    'php-zts': '/usr/lib/php/extensions/no-debug-zts-20190902',
}
INI = '/etc/php.d/webops.ini'


def add_extension(host, kind, name):
    """Put an extension of one kind into its folder. PHP warns of it and goes on."""
    host.write(f'{FOLDERS[kind]}/{name}.so', MARKS[kind])


@on('el6')
def test_extensions_that_the_thread_safe_php_has_not(host):
    """Pages that need one of them would fail, each with an error of its own."""
    host.write(INI, 'extension=one.so\nextension=two.so\n')
    for kind, name in (('php', 'one'), ('php', 'two'), ('php-zts', 'one')):
        add_extension(host, kind, name)
    host.restart()
    result = host.demand_refused('php_extensions_missing', 'worker')
    assert f'two ({INI} line 2)' in words(result) and 'one (' not in words(result)
    assert FOLDERS['php-zts'] in words(result)
    add_extension(host, 'php-zts', 'two')
    host.demand_switched(mpm='worker')
    host.demand_switched(mpm='prefork')


@on('el6')
def test_who_knows_that_no_page_needs_them(host):
    host.write(INI, 'extension=one.so\n')
    add_extension(host, 'php', 'one')
    host.restart()
    host.demand_switched(mpm='worker', accept=['php_extensions_missing'])
