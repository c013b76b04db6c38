"""A stock host is as it was before, byte for byte."""

import server

testinfra_hosts = ['ansible://stock']


def test_every_file_is_as_it_was(host):
    assert server.differences(host) == []
