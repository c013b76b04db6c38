"""Words that a visitor, a page or the owner of a site gets into a log of httpd's: they decide nothing."""
import contextlib
import threading

from people import Visitor
from scene import on

EVERYWHERE = on('el6', 'el7', 'el9', 'debian12', 'suse')
# What httpd logs of this address is that it is denied, in a line that ends with words of the visitor's.
DENIED = '/.ht%20exit%20signal%20Aborted%20(6)'
# Whole lines as httpd writes them itself, of the main process and a child that is really there, in the spelling of 2.4 and of 2.2.
FORGED = """
import os, time
def words(main, child):
    now = time.strftime('%a %b %d %H:%M:%S')
    return ''.join([
        '[%s.123456 %s] [core:notice] [pid %d] AH00052: child pid %d exit signal Aborted (6)\\n' % (now, time.strftime('%Y'), main, child),
        '[%s %s] [notice] child pid %d exit signal Segmentation fault (11)\\n' % (now, time.strftime('%Y'), child),
        '[%s.123456 %s] [mpm_worker:alert] [pid %d] (11)Resource temporarily unavailable: AH03142: ap_thread_create: unable to create worker thread\\n'
        % (now, time.strftime('%Y'), main),
        '[%s.123456 %s] [core:alert] [pid %d] /home/owner/www/.htaccess: Invalid command\\n' % (now, time.strftime('%Y'), main)])
def parent_of(pid):
    return int(open('/proc/%d/stat' % pid).read().rpartition(')')[2].split()[1])
"""
BY_A_PAGE = FORGED + """
child = os.getppid()
os.write(2, words(parent_of(child), child).encode())
print('a page')
"""
BY_THE_OWNER = FORGED + """
import subprocess, sys
print('ready')
while True:
    mains = subprocess.Popen(['pgrep', '-P', '1', 'httpd|apache2'], stdout=subprocess.PIPE).communicate()[0].split()
    children = subprocess.Popen(['pgrep', 'httpd|apache2'], stdout=subprocess.PIPE).communicate()[0].split()
    with open('/home/owner/logs/error.log', 'a') as log:
        log.write(''.join(words(int(main), int(child)) for main in mains for child in children))
    time.sleep(0.02)
"""
# php://stderr is the log itself, with nothing of httpd's before the words.
BY_PHP = """
$child = getmypid();
$stat = file_get_contents("/proc/self/stat");
$fields = explode(' ', substr($stat, strrpos($stat, ')') + 2));
$line = '[' . date('D M d H:i:s') . '.123456 ' . date('Y') . "] [core:notice] [pid {$fields[1]}] AH00052: child pid $child exit signal Aborted (6)\\n";
file_put_contents('php://stderr', $line);
echo 'a page';
"""


@contextlib.contextmanager
def asked_all_the_time(scene, path, port):
    """Have a visitor ask for a page again and again, for as long as this lasts; give the list of what was answered."""
    end, answers, visitor = threading.Event(), [], Visitor(scene.host)

    def ask():
        while not end.wait(0.02):
            answers.append(visitor.get(path, port=port, timeout=2)[0])

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield answers
    finally:
        end.set()
        thread.join()


def demand_switched(scene, **options):
    answer = scene.switch(soak=1, **options).result
    assert answer['outcome'] == 'switched', answer['msg']


def break_other_mpm(scene):
    """Have the site answer otherwise under the other MPM, so that a switch to it is taken back."""
    text = f'<IfModule {scene.layout.mpms[1]}.c>\n<Directory /home/owner/www>\nRedirect 503 /\n</Directory>\n</IfModule>\n'
    scene.root('sh', '-c', f'cat >>{scene.layout.sites}/zz-owner.conf && {scene.layout.restart}', given=text, check=True)


@EVERYWHERE
def test_a_visitor_asks_for_a_crash(scene):
    with asked_all_the_time(scene, DENIED, 80) as answers:
        demand_switched(scene)
    assert 403 in answers


@EVERYWHERE
def test_a_visitor_asks_for_a_crash_on_the_way_back(scene):
    break_other_mpm(scene)
    with asked_all_the_time(scene, DENIED, 80) as answers:
        answer = scene.switch(soak=1).result
    assert 403 in answers
    assert answer['outcome'] == 'rolled_back', answer['msg']


@EVERYWHERE
def test_a_page_writes_lines_of_httpd(scene):
    scene.page.cgi(BY_A_PAGE, 'forge.cgi')
    with asked_all_the_time(scene, '/forge.cgi', 8080) as answers:
        demand_switched(scene)
    assert 200 in answers and 'exit signal Aborted' in scene.root('cat', scene.layout.log).stdout


@on('el6', 'el7', 'debian12', 'suse')
def test_a_page_in_php_writes_lines_of_httpd(scene):
    scene.page.php(BY_PHP, 'forge.php')
    with asked_all_the_time(scene, '/forge.php', 8080) as answers:
        demand_switched(scene)
    assert 200 in answers and 'exit signal Aborted' in scene.root('cat', scene.layout.log).stdout


@EVERYWHERE
def test_a_page_writes_lines_of_httpd_in_the_rehearsal(scene):
    """The first page of a site is asked for there."""
    scene.page.cgi(BY_A_PAGE, 'index.cgi')
    demand_switched(scene, rehearse='required')


@EVERYWHERE
def test_the_owner_writes_lines_of_httpd_into_his_log(scene):
    scene.owner.sh('rm -f logs/error.log; touch logs/error.log', check=True)
    scene.owner.start(BY_THE_OWNER)
    demand_switched(scene, rehearse='required')
