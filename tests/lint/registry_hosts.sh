#!/usr/bin/env bash
# Fail where a file names the host of a package registry: a mirror or a proxy must be the user's
# choice, made in the configuration of pip, apt or docker. (Debian's package of docker is no host: a
# slash makes it one.) Usage: tests/lint/registry_hosts.sh FILE...
set -euo pipefail

# The brackets keep this file from naming them.
hosts='(^|[^a-z0-9.-])('
hosts+='([a-z0-9-]+[.])*(pypi[.]org|pypi[.]python[.]org|pythonhosted[.]org|npmjs[.](org|com))'
hosts+='|([a-z0-9-]+[.])*(rubygems[.]org|crates[.]io)'
hosts+='|((deb|ftp|ftp[.][a-z]+|security|snapshot|archive|httpredir)[.])debian[.]org'
hosts+='|((cdn-aws|cloudfront)[.])debian[.]org'
hosts+='|((archive|security|ports)[.])ubuntu[.]com'
hosts+='|(mirror|mirrors|vault)[.]centos[.]org|mirrorlist[.]centos[.]org'
hosts+='|(dl|download|mirrors|archives)[.]fedoraproject[.]org|download[.]opensuse[.]org'
hosts+='|docker[.]io/|((index|registry-1|hub)[.])docker[.](io|com)'
hosts+='|quay[.]io|ghcr[.]io|([a-z]+[.])?gcr[.]io|mcr[.]microsoft[.]com|public[.]ecr[.]aws'
hosts+='|registry[.]([a-z0-9-]+[.])+[a-z]+'
hosts+='|galaxy[.]ansible[.]com|proxy[.]golang[.]org|repo[0-9]*[.]maven[.][a-z.]+'
hosts+=')'

status=0
# grep: 0 found one, 1 found none, 2 could not read.
grep -nIiE -e "$hosts" -- "$@" /dev/null || status=$?
((status == 1)) && exit 0
echo "the lines above name the host of a package registry" >&2
exit 1
