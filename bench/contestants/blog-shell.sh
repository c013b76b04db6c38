# shellcheck shell=bash
# As how-tos on the web have it: stop, disable, enable, test, restart.
outage_begins
service_does stop
edit "$1"
config_test && service_does restart
outage_ends
