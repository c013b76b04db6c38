"""The attack tests themselves: a quiet host is well, and harm that is done is seen."""

import pytest
from scene import EVERYWHERE, on


@EVERYWHERE
def test_a_host_at_peace_is_audited_and_switched(scene):
    audit, switch = scene.audit(), scene.switch()
    assert 'mpm' in audit.result
    assert switch.result['outcome'] == 'switched', switch.result['msg']
    assert scene.visitor.get('/', port=8080)[0] == 200
    scene.settled()


@EVERYWHERE
def test_pages_of_the_owner_run_as_the_web_server(scene):
    assert (
        scene.page.cgi('import os, pwd\nprint(pwd.getpwuid(os.getuid()).pw_name)\n').strip()
        == scene.layout.user
    )


@on('debian12')
def test_harm_is_seen(scene):
    scene.root(
        'sh',
        '-c',
        'touch /canary/ran; cat /etc/root-secret >/home/mallory/loot; chmod 644 /home/mallory/loot',
        check=True,
    )
    with pytest.raises(AssertionError) as seen:
        scene.end()
    assert 'ran as root' in str(seen.value) and 'mallory can read' in str(seen.value)
    scene.root('sh', '-c', 'rm /canary/ran /home/mallory/loot')
    scene.begin()
