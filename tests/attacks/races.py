"""The attacks that have to win a race, tried many times: prints how often each was won.

races.py [--tries N] [--layouts NAME...]   Each try reads the host, or rehearses a switch, once.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.append(str(Path(__file__).resolve().parents[1] / 'hosts'))
import target
from layouts import LAYOUTS
from scene import Scene
from test_rehearsal import THIEF, UPLOADS, make_etc

RUN = os.environ.get('WEBOPS_ATTACKS_RUN', 'attacks') + '-races'
ALL = ('el6', 'el7', 'el9', 'debian12', 'suse')
MOST_TRIES = 1000


class Race(NamedTuple):
    """One race.

    begin: starts the attackers on a Scene; attempt: has root do what they wait for.
    """

    name: str
    layouts: tuple[str, ...]
    begin: Callable[[Scene], None]
    attempt: Callable[[Scene], None]


def swap_log_folder(scene: Scene) -> None:
    """The site's folder of logs becomes /etc while it is read."""
    make_etc(scene.owner, '/home/owner/logs')
    scene.owner.start('swap.py', '/home/owner/logs', '/home/owner/logs', '/etc')


def swap_folder_above(scene: Scene) -> None:
    """The folder above the logs becomes another one, in which the logs are /etc."""
    scene.owner.sh('mkdir -p site/logs other; ln -s /etc other/logs', check=True)
    log = 'ErrorLog /home/owner/site/logs/error.log'
    scene.add_to_site(f'<VirtualHost *:8080>\nServerName more.test\n{log}\n</VirtualHost>\n')
    make_etc(scene.owner, '/home/owner/site/logs')
    scene.owner.start('swap.py', '/home/owner/site/logs', '/home/owner/site', '/home/owner/other')


def swap_folder_of_page(scene: Scene) -> None:
    """A folder that a page made becomes /etc while it is read."""
    make_etc(scene.owner, '/home/owner/etc')
    scene.page.cgi(f'import os\nos.system("cp -a /home/owner/etc {UPLOADS}/etc")\n')
    scene.page.start('swap.py', f'{UPLOADS}/etc', f'{UPLOADS}/etc', '/etc')


def swap_lock_folder(scene: Scene) -> None:
    """The server's folder of locks becomes /etc while it is read."""
    make_etc(scene.owner, '/home/owner/etc')
    scene.page.cgi('import os\nos.system("cp -a /home/owner/etc/. /run/lock/apache2/")\n')
    scene.page.start('swap.py', '/run/lock/apache2', '/run/lock/apache2', '/etc')


def flip_logs(scene: Scene) -> None:
    """The site's logs become links to the passwords, and back."""
    scene.owner.sh('chmod 755 logs', check=True)
    scene.page.cgi(THIEF, 'index.cgi')
    scene.owner.start('flip.py', '/home/owner/logs', '/etc/shadow', 400)


def flip_files_of_page(scene: Scene) -> None:
    """Files that a page made become links to the passwords, and back."""
    scene.page.cgi(f'import os\nos.mkdir("{UPLOADS}/mine")\n' + THIEF, 'index.cgi')
    scene.page.start('flip.py', f'{UPLOADS}/mine', '/etc/shadow', 400)


def flip_htaccess(scene: Scene) -> None:
    """A file that is a pipe when it is opened."""
    scene.owner.start('flip.py', '/home/owner/www', 'pipe', '.htaccess')


def flip_main_file(scene: Scene) -> None:
    """What another server was started with is a file, and a pipe when it is opened."""
    program = scene.shell(f'readlink /proc/$(cat {scene.layout.pid_file})/exe').strip()
    scene.mallory.start('fake_httpd.py', program, '/home/mallory', 'nothing')
    scene.mallory.start('flip.py', '/home/mallory', 'pipe', 'main-nothing')


def rehearse(scene: Scene) -> None:
    """Rehearse a switch, for the attackers to meet."""
    scene.rehearse()


def read(scene: Scene) -> None:
    """Read the host, for the attackers to meet."""
    scene.audit()


RACES = (
    Race('log folder swapped for /etc', ALL, swap_log_folder, rehearse),
    Race('folder above it swapped', ALL, swap_folder_above, rehearse),
    Race("page's folder swapped for /etc", ALL, swap_folder_of_page, rehearse),
    Race('lock folder swapped for /etc', ('debian12',), swap_lock_folder, rehearse),
    Race('logs swapped for shadow', ALL, flip_logs, rehearse),
    Race("page's files swapped for shadow", ALL, flip_files_of_page, rehearse),
    Race('.htaccess swapped for a pipe', ALL, flip_htaccess, read),
    Race('main file swapped for a pipe', ALL, flip_main_file, read),
)


def run(race: Race, scene: Scene, tries: int) -> tuple[int, str]:
    """Return (how often the race was lost by root, what was seen first)."""
    won, first = 0, ''
    race.begin(scene)
    scene.begin()
    for _number in range(tries):
        harm = attempt(race, scene)
        won, first = won + bool(harm), first or harm
        if harm:
            scene.shell('rm -rf /canary/* /home/owner/www/uploads/loot-*')
    scene.leave()
    scene.restore()
    return won, first


def attempt(race: Race, scene: Scene) -> str:
    """Return the harm that one try did, '' for none."""
    try:
        race.attempt(scene)
    except AssertionError as error:
        return str(error)
    return scene.harm()


def main() -> int:
    """Run all races on the layouts; return 0 if none was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--tries', type=int, default=20, help=f'at most {MOST_TRIES}')
    parser.add_argument('--layouts', nargs='+', choices=ALL, default=ALL)
    args = parser.parse_args()
    tries, lost, raced = min(args.tries, MOST_TRIES), 0, 0
    target.remove_hosts(RUN)
    for layout in args.layouts:
        address = target.start_hosts(RUN, {layout: LAYOUTS[layout].image + ',real'})[layout]
        scene = Scene(target.Target(RUN, layout, address, LAYOUTS[layout]))
        scene.prepare()
        for race in [race for race in RACES if layout in race.layouts]:
            won, first = run(race, scene, tries)
            lost, raced = lost + bool(won), raced + 1
            print(f'  {layout:9} {race.name:32} {won} of {tries}  {first[:200]}', flush=True)
    target.remove_hosts(RUN)
    print(f'{raced - lost} passed, {lost} failed')
    return 1 if lost else 0


if __name__ == '__main__':
    sys.exit(main())
