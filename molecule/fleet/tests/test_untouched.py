"""A host that refused, or that was never tried, is as it was."""

import server

testinfra_hosts = ['ansible://shop', 'ansible://web2']


def test_no_file_changed(host):
    assert server.differences(host) == []
    assert server.leftovers(host) == ''
