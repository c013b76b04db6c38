"""After `php: fpm` each page answers as mod_php answered, on a host with many ways of PHP."""

import json
import re
import time

from field import FieldHost, on
from php_sites import SITES

debian = on('debian12')
CARRY = {'php': 'fpm', 'mpm': 'event'}
# Bytes of a header, as the finding `fpm_long_headers` says.
LIMIT = 8190
# What the two ways of running PHP cannot have in common: each has settings of its own.
OF_ONE_ONLY = re.compile(r'^(engine|last_modified|xbithack|child_terminate|cgi\.|fastcgi\.|fpm\.)')
ABOUT = """<?php
$all = ini_get_all(null, false);
$env = getenv();
echo json_encode([
  'ini' => $all, 'extensions' => get_loaded_extensions(), 'version' => PHP_VERSION,
  'umask' => umask(), 'user' => posix_geteuid(), 'group' => posix_getegid(),
  'zone' => date_default_timezone_get(), 'files' => [php_ini_loaded_file(),
  php_ini_scanned_files()], 'lang' => getenv('LANG'), 'colour' => getenv('COLOUR'),
  'temporary' => @scandir('/tmp'),
]);
"""
TELL = """<?php
foreach (['PHP_AUTH_USER', 'PATH_INFO', 'REQUEST_METHOD', 'SCRIPT_NAME', 'SCRIPT_FILENAME',
  'REQUEST_URI', 'PHP_SELF', 'QUERY_STRING', 'DOCUMENT_ROOT', 'MARK'] as $name)
    echo $name, '=', $_SERVER[$name] ?? '-', "\\n";
echo 'body=', strlen(file_get_contents('php://input')), "\\n";
echo 'passwd=', @file_get_contents('/etc/passwd') === false ? 'kept' : 'read', "\\n";
echo 'set=', ini_set('memory_limit', '77M') === false ? 'no' : 'yes', "\\n";
"""
SHORT = "<?php echo 'ran ', basename(__FILE__);\n"
SITE = """<VirtualHost *:80>
  ServerName shop.test
  DocumentRoot /var/www/shop
  ErrorDocument 404 /missing.html
  SetEnv MARK mine
  ErrorLog /var/log/apache2/shop.log
  AddType application/x-httpd-php .htm
  php_admin_value open_basedir /var/www/shop:/tmp
  php_value memory_limit 99M
  <IfModule mod_php.c>
    php_flag display_errors on
    <Directory /var/www/shop/kept>
      php_admin_value open_basedir /var/www/shop/kept
    </Directory>
  </IfModule>
  <Directory /var/www/shop/up>
    php_admin_flag engine off
  </Directory>
  <Directory /var/www/shop/plain>
    <FilesMatch "\\.php$">
      SetHandler None
    </FilesMatch>
  </Directory>
  <Directory /var/www/shop/shut>
    Require all denied
  </Directory>
</VirtualHost>
"""
FILES = {
    'about.php': ABOUT,
    'tell.php': TELL,
    'kept/tell.php': TELL,
    'kept/about.php': ABOUT,
    'short.phtml': SHORT,
    'short.phar': SHORT,
    'short.phps': SHORT,
    'short.htm': SHORT,
    'short.inc': 'text',
    'up/short.php': SHORT,
    'plain/short.php': SHORT,
    'shut/short.php': SHORT,
    'index.php': SHORT,
    'sub/index.php': SHORT,
    '404.php': '<?php http_response_code(404); echo "own";',
    'redirect.php': '<?php header("Location: /x"); ',
    'missing.html': 'the page of the site',
    'count.php': '<?php session_start(); echo @++$_SESSION["n"];',
    'upload.php': '<?php echo $_FILES["file"]["size"] ?? "none";',
    'first.php': '<?php while (@ob_end_flush()); echo "a"; flush(); sleep(2); echo "b";',
    'log.php': '<?php error_log("a word of the page"); echo $nothing; echo 1;',
    'fatal.php': '<?php ini_set("display_errors", "0"); nothing();',
}
ASKED = (
    ('tell.php', ''),
    ('tell.php/more/words?a=b', ''),
    ('tell.php', '-u who:secret'),
    ('tell.php', '-X POST -H "Transfer-Encoding: chunked" --data-binary @/root/body'),
    ('tell.php', '-X POST --data-binary @/root/body'),
    ('tell.php', '-I'),
    ('kept/tell.php', ''),
    *((name, '') for name in FILES if 'tell' not in name and 'about' not in name),
    ('upload.php', '-F file=@/root/large'),
    ('', ''),
    ('sub/', ''),
    ('nothing.php', ''),
    ('nothing.php/more', ''),
    ('.php', ''),
    ('count.php', '-b /root/jar -c /root/jar'),
)


def arrange(host: FieldHost) -> None:
    """Make the host: a site, variables, settings for mod_php alone."""
    for name, text in FILES.items():
        host.write(f'/var/www/shop/{name}', text)
    host.write(f'{SITES}/shop.conf', SITE)
    host.write('/etc/php/8.2/apache2/conf.d/99-own.ini', 'user_agent = only-here\n')
    host.shell(
        'sed -i "s/^;*date.timezone.*/date.timezone = Asia\\/Tokyo/; '
        's/^post_max_size.*/post_max_size = 77M/; '
        's/^upload_max_filesize.*/upload_max_filesize = 70M/" /etc/php/8.2/apache2/php.ini; '
        'head -c 20000000 /dev/zero >/root/large; '
        'echo "export COLOUR=blue" >>/etc/apache2/envvars; '
        'echo "umask 002" >>/etc/apache2/envvars; head -c 300000 /dev/zero >/root/body'
    )
    host.write('/var/www/shop/touch.php', '<?php touch("/tmp/by-a-page"); echo 1;')
    host.restart()
    ask(host, 'touch.php')


def ask(host: FieldHost, path: str, options: str = '') -> str:
    """Return the status and the body of a page of the site."""
    command = 'curl -s -o /root/got -w "%%{http_code} " %s -H "Host: shop.test" "localhost/%s"; '
    answer = host.shell(command % (options, path) + 'head -c 2000 /root/got')
    return re.sub('\nDate: .*', '', answer)


def whole(host: FieldHost, path: str) -> dict[str, object]:
    """Return what PHP says of itself, without what only one of the two has."""
    host.shell(f'curl -s -o /root/got -H "Host: shop.test" localhost/{path}')
    told = json.loads(host.read('/root/got'))
    told['ini'] = {
        name: value for name, value in told['ini'].items() if not OF_ONE_ONLY.match(name)
    }
    told['extensions'] = sorted(set(told['extensions']) - {'apache2handler', 'cgi-fcgi'})
    return told


def answers(host: FieldHost) -> dict[str, str]:
    """Return what all pages answer."""
    host.shell('rm -f /root/jar')
    return {f'{options} {path}': ask(host, path, options) for path, options in ASKED}


def logged(host: FieldHost) -> set[str]:
    """Return what a page says in the log of its site, without times and process ids."""
    host.shell(': >/var/log/apache2/shop.log')
    ask(host, 'log.php')
    words = re.findall(
        'a word of the page|Undefined variable', host.read('/var/log/apache2/shop.log')
    )
    return set(words)


def first_byte(host: FieldHost) -> float:
    """Return the seconds until the first byte of a page that takes two."""
    command = 'curl -s -o /dev/null -w "%{time_starttransfer}" -H "Host: shop.test" localhost/'
    return float(host.shell(command + 'first.php'))


def burst(host: FieldHost) -> float:
    """Return the seconds for 20 requests of 2 s that come at once."""
    begin = time.monotonic()
    one = 'curl -s -o /dev/null "localhost/slow.php?ms=2000"'
    host.shell(f"seq 20 | xargs -P20 -I@ sh -c '{one}'")
    return time.monotonic() - begin


def differences(before: dict[str, object], after: dict[str, object]) -> list[str]:
    """Return what differs, in words."""
    return [
        f'{name}: {before.get(name)!r} became {after.get(name)!r}'
        for name in sorted(set(before) | set(after))
        if before.get(name) != after.get(name)
    ]


@debian
def test_pages_answer_as_before_there_and_back(host):
    """One site with everything that mod_php can be told, and a server with settings of its own."""
    arrange(host)
    before, told = answers(host), [whole(host, 'about.php'), whole(host, 'kept/about.php')]
    files = host.fingerprint('/etc/php', '/etc/systemd/system', '/var/www/shop').files
    result = host.demand_switched(**CARRY)
    rules = [one['rule'] for one in result['findings'] if one['rule'].startswith('php_')]
    assert rules == ['php_names_denied'], result
    assert not differences(before, answers(host))
    for path, one in zip(('about.php', 'kept/about.php'), told):
        now = whole(host, path)
        assert not differences(one['ini'], now['ini'])
        assert not differences(one, now)
    host.demand_switched(mpm='prefork')
    assert not differences(before, answers(host))
    left = host.fingerprint('/etc/php', '/etc/systemd/system', '/var/www/shop').files
    assert not differences(without_records(files), without_records(left))


def without_records(files: dict[str, object]) -> dict[str, object]:
    """Return files without what a2enmod and a2dismod note of themselves."""
    return {path: one for path, one in files.items() if '/var/lib/apache2/module' not in path}


@debian
def test_names_behind_a_type_show_no_source(host):
    """Whether mod_php runs x.htm.NAME is up to the table of types; httpd alone would send it."""
    arrange(host)
    names = ('x.htm.unknown', 'x.htm.unknown.more', 'x.htm.jpg')
    for name in names:
        host.write(f'/var/www/shop/{name}', SHORT)
    before = [ask(host, name) for name in names]
    assert [answer.startswith('200 ran') for answer in before] == [True, True, False]
    host.demand_switched(**CARRY)
    after = [ask(host, name) for name in names]
    assert [answer[:3] for answer in after] == ['403'] * 3
    assert not [answer for answer in after if 'echo' in answer]
    host.demand_switched(mpm='prefork')
    assert [ask(host, name) for name in names] == before


@debian
def test_logs_sessions_and_crowds(host):
    """What visitors and administrators notice beside the pages."""
    arrange(host)
    host.shell('rm -f /root/jar')
    asked = ('count.php', '-b /root/jar -c /root/jar')
    assert ask(host, *asked) == '200 1'
    before, took = logged(host), burst(host)
    assert before and first_byte(host) < 1
    host.demand_switched(**CARRY)
    assert ask(host, *asked) == '200 2'
    assert logged(host) == before and first_byte(host) < 1
    assert burst(host) < took + 6
    host.demand_switched(mpm='prefork')
    assert ask(host, *asked) == '200 3'


@debian
def test_long_headers_of_pages(host):
    """httpd takes no more than its buffer from FPM, and the switch says so, with the number."""
    arrange(host)
    host.write('/var/www/shop/head.php', '<?php header("X: " . str_repeat("a", $_GET["n"]));')
    lengths = (1000, LIMIT - 4, LIMIT - 3, 10240)
    before = [ask(host, f'head.php?n={number}')[:3] for number in lengths]
    assert before == ['200'] * 4
    result = host.demand_switched(**CARRY)
    after = [ask(host, f'head.php?n={number}')[:3] for number in lengths]
    assert after == ['200', '200', '500', '500']
    (said,) = [one for one in result['findings'] if one['rule'] == 'fpm_long_headers']
    assert f'{LIMIT} bytes' in said['reason']


@debian
def test_the_mpm_stays(host):
    """FPM can be taken first, and event later; the way back is one step."""
    arrange(host)
    before, files = answers(host), host.fingerprint('/etc/php', '/etc/systemd/system').files
    host.demand_switched(php='fpm', mpm='prefork')
    assert not differences(before, answers(host))
    host.demand_switched(php='auto', mpm='event')
    assert not differences(before, answers(host))
    host.demand_switched(mpm='prefork')
    left = host.fingerprint('/etc/php', '/etc/systemd/system').files
    assert not differences(without_records(files), without_records(left))
