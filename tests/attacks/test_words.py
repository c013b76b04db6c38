"""Words that a visitor, a page or a site's owner gets into a log of httpd's decide nothing."""

import contextlib
import threading

from scene import EVERYWHERE, on
from target import TARGET
from visitors import Visitor

# httpd logs that this address is denied, in a line that ends with the visitor's words.
DENIED = '/.ht%20exit%20signal%20Aborted%20(6)'
# A page that writes lines of httpd's to stderr: the log itself, or a pipe that httpd reads.
BY_A_PAGE = f"""
import runpy
sys.argv = ['forge.py', 'page']
runpy.run_path('{TARGET}/forge.py', run_name='__main__')
print('a page')
"""
# php://stderr is the log itself, with nothing of httpd's before the words.
BY_PHP = """
$child = getmypid();
$stat = file_get_contents("/proc/self/stat");
$main = explode(' ', substr($stat, strrpos($stat, ')') + 2))[1];
$time = date('D M d H:i:s') . '.123456 ' . date('Y');
$words = "AH00052: child pid $child exit signal Aborted (6)";
file_put_contents('php://stderr', "[$time] [core:notice] [pid $main] $words\\n");
echo 'a page';
"""


@contextlib.contextmanager
def asked_all_the_time(scene, path, port):
    """Have a visitor ask for a page all the time; yield the list of the statuses he got."""
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


def break_other_mpm(scene):
    """Have the site answer otherwise under the other MPM, so that a switch to it is taken back."""
    site = '<Directory /home/owner/www>\nRedirect 503 /\n</Directory>'
    scene.add_to_site(f'<IfModule {scene.layout.mpms[1]}.c>\n{site}\n</IfModule>\n')


@EVERYWHERE
def test_a_visitor_asks_for_a_crash(scene):
    with asked_all_the_time(scene, DENIED, 80) as answers:
        scene.demand_switched(soak=1)
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
        scene.demand_switched(soak=1)
    assert 200 in answers and 'exit signal Aborted' in scene.root('cat', scene.layout.log).stdout


@on('el6', 'el7', 'debian12', 'suse')
def test_a_page_in_php_writes_lines_of_httpd(scene):
    scene.page.php(BY_PHP, 'forge.php')
    with asked_all_the_time(scene, '/forge.php', 8080) as answers:
        scene.demand_switched(soak=1)
    assert 200 in answers and 'exit signal Aborted' in scene.root('cat', scene.layout.log).stdout


@EVERYWHERE
def test_a_page_writes_lines_of_httpd_in_the_rehearsal(scene):
    """The first page of a site is asked for there."""
    scene.page.cgi(BY_A_PAGE, 'index.cgi')
    scene.demand_switched(soak=1, rehearse='required')


@EVERYWHERE
def test_the_owner_writes_lines_of_httpd_into_his_log(scene):
    scene.owner.sh('rm -f logs/error.log; touch logs/error.log', check=True)
    scene.owner.start('forge.py', '/home/owner/logs/error.log')
    scene.demand_switched(soak=1, rehearse='required')
