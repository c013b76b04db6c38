# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.webops.apache.plugins.plugin_utils import single_tries

# How the plugin ssh begins what it says of a module that it gave to ssh: ssh's own words follow.
SENT = 'Data could not be sent to remote host "a". Make sure this host can be reached over ssh: '
FAILED = 'Failed to connect to the host via ssh: '


class Connection(object):
    """A connection plugin with these options."""

    def __init__(self, **options):
        self.options = options

    def get_option(self, name):
        return self.options[name]

    def set_option(self, name, value):
        self.options[name] = value


def as_raised(words, cause=None):
    """Return the error as the plugin raises it, at the error `cause` of a write if there is one."""
    try:
        try:
            if cause:
                raise cause
        except OSError:
            raise AnsibleConnectionFailure(words)
        raise AnsibleConnectionFailure(words)
    except AnsibleConnectionFailure as e:
        return e


class TestAsSeen:
    @pytest.mark.parametrize(
        'words',
        [
            FAILED + 'ssh: connect to host a port 22: Connection refused',
            SENT + 'ssh: connect to host a port 22: Connection refused',
            SENT + 'ssh: connect to host a port 22: No route to host',
            SENT + 'ssh: connect to host a port 22: Network is unreachable',
            SENT + 'ssh: connect to host a port 22: Connection timed out',
            SENT + 'Connection timed out during banner exchange',
            SENT + 'ssh: Could not resolve hostname a: Name or service not known',
            SENT + 'root@a: Permission denied (publickey).',
            SENT + 'Host key verification failed.',
        ],
    )
    def test_knows_a_host_that_was_not_reached(self, words):
        assert isinstance(single_tries.as_seen(as_raised(words), 'short'), single_tries.NeverRan)

    @pytest.mark.parametrize(
        'words',
        [
            SENT + '[Errno 32] Broken pipe',
            # ansible-core 2.21
            "Data could not be sent to remote host 'a'. Make sure this host can be reached over "
            'SSH.',
        ],
    )
    def test_knows_a_module_that_was_not_written_whole(self, words):
        error = as_raised(words, OSError(32, 'Broken pipe'))
        assert isinstance(single_tries.as_seen(error, 'short'), single_tries.NeverRan)

    @pytest.mark.parametrize(
        'words',
        [
            SENT,
            SENT + 'Shared connection to a closed.',
            SENT + 'Connection to 10.0.0.1 closed by remote host.',
            # What a page or a profile of the host printed before it was lost.
            SENT + '[Errno 32] Broken pipe',
            SENT + 'bash: /root/.x: Permission denied\nShared connection to a closed.',
            FAILED + 'Read from remote host 10.0.0.1: Connection timed out',
            FAILED + 'client_loop: send disconnect: Connection timed out',
            FAILED + 'ssh_dispatch_run_fatal: Connection to 10.0.0.1 port 22: Connection timed out',
            FAILED + 'mux_client_request_session: read from master failed: Broken pipe',
        ],
    )
    def test_knows_one_that_may_have_run(self, words):
        found = single_tries.as_seen(as_raised(words), 'short')
        assert not isinstance(found, single_tries.NeverRan)

    def test_says_the_words_that_are_given(self):
        assert single_tries.as_seen(as_raised(SENT), 'short').message == 'short'


class TestSingleTries:
    def test_has_the_plugin_try_once_and_gives_back_what_the_user_chose(self):
        connection = Connection(reconnection_retries=3)
        with single_tries.single_tries(connection) as retries:
            assert (retries, connection.options) == (3, {'reconnection_retries': 0})
        assert connection.options == {'reconnection_retries': 3}

    def test_gives_it_back_after_an_error(self):
        connection = Connection(reconnection_retries=3)
        with pytest.raises(KeyError):
            with single_tries.single_tries(connection):
                raise KeyError('of the block')
        assert connection.options == {'reconnection_retries': 3}

    def test_leaves_a_plugin_without_such_an_option_alone(self):
        connection = Connection(remote_addr='a')
        with single_tries.single_tries(connection) as retries:
            assert retries == 0
        assert connection.options == {'remote_addr': 'a'}


class Calls(object):
    """Calls that end as told, one after the other."""

    def __init__(self, *ends):
        self.left = list(ends)

    def __call__(self):
        end = self.left.pop(0)
        if isinstance(end, Exception):
            raise end
        return end


class TestCallWithRetries:
    @pytest.fixture(autouse=True)
    def pauses(self, monkeypatch):
        """Return the list of the pauses in seconds, which are not made."""
        made = []
        monkeypatch.setattr(single_tries.time, 'sleep', made.append)
        return made

    def test_calls_again_what_has_not_run(self, pauses):
        calls = Calls(single_tries.NeverRan('a'), single_tries.NeverRan('b'), 'done', 'more')
        assert single_tries.call_with_retries(calls, 3) == 'done'
        assert (calls.left, pauses) == (['more'], [0, 1])

    @pytest.mark.parametrize('retries', [0, 1, 7])
    def test_raises_what_the_last_one_says(self, retries, pauses):
        calls = Calls(*[single_tries.NeverRan('%d' % number) for number in range(retries + 2)])
        with pytest.raises(single_tries.NeverRan) as caught:
            single_tries.call_with_retries(calls, retries)
        assert caught.value.message == '%d' % retries
        assert (len(calls.left), max(pauses + [0])) == (1, {0: 0, 1: 0, 7: 30}[retries])

    def test_does_not_call_again_what_may_have_run(self):
        calls = Calls(AnsibleConnectionFailure('lost'), 'done')
        with pytest.raises(AnsibleConnectionFailure, match='lost'):
            single_tries.call_with_retries(calls, 3)
        assert calls.left == ['done']
