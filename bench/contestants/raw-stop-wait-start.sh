# shellcheck shell=bash
# The least that loses no request in flight: a graceful stop, waiting for the port, a start. The bar
# for `strategy: stop`.
edit "$1"
outage_begins
graceful_stop
service_does start
outage_ends
