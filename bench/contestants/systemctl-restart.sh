# shellcheck shell=bash
# Choose the MPM, and restart by the service manager: what most people would do.
edit "$1"
outage_begins
service_does restart
outage_ends
