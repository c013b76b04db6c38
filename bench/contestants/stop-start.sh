# shellcheck shell=bash
# The same in two commands.
edit "$1"
outage_begins
service_does stop
service_does start
outage_ends
