# shellcheck shell=bash
# What the contestants do on a host, in the words of its system: sent before each of them. Two kinds
# of host: Debian's, with systemd, and RHEL 6's, with an init script.
set -uo pipefail
export LC_ALL=C
if [[ -d /etc/apache2/mods-enabled ]]; then
    family=debian pid_file=/run/apache2/apache2.pid
else
    family=el6 pid_file=/var/run/httpd/httpd.pid
fi

# edit MPM: choose it on disk, as an administrator does.
edit() {
    if [[ $family == debian ]]; then
        a2dismod -q -f mpm_prefork mpm_worker mpm_event >/dev/null 2>&1
        a2enmod -q "mpm_$1" >/dev/null
    elif [[ $1 == prefork ]]; then
        sed -i 's/^HTTPD=/#HTTPD=/' /etc/sysconfig/httpd
    else
        sed -i '/^#*HTTPD=/d' /etc/sysconfig/httpd
        echo "HTTPD=/usr/sbin/httpd.$1" >>/etc/sysconfig/httpd
    fi
}

# service_does start|stop|restart
service_does() {
    if [[ $family == debian ]]; then systemctl "$1" apache2; else service httpd "$1" >/dev/null; fi
}

config_test() {
    if [[ $family == debian ]]; then apachectl configtest; else service httpd configtest; fi
}

# listening: whether anything does, on port 80.
listening() {
    [[ -n $(ss -ltn 'sport = :80' | sed 1d) ]]
}

# within SECONDS COMMAND...: wait until it succeeds, or give up.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.005
    done
}

now_ms() {
    echo $(($(date +%s%N) / 1000000))
}

# graceful_stop: have the server serve what it has begun, and wait until another one can be started.
graceful_stop() {
    local main
    main=$(cat "$pid_file")
    kill -WINCH "$main"
    within 30 port_is_free
    # As long as the old server drains its unit is active, and a start would do nothing.
    if [[ $family == debian ]]; then within 30 unit_is_inactive; fi
}

port_is_free() {
    ! listening
}

unit_is_inactive() {
    ! systemctl -q is-active apache2
}

outage_begins() {
    began=$(now_ms)
}

# From the first signal to the old server until something listens again, as the module's outage_ms
# counts.
outage_ends() {
    within 10 listening && echo "outage_ms=$(($(now_ms) - began))"
}

# masters: "PID PROGRAM" of each server there is, its children aside.
masters() {
    ps -eo pid=,ppid=,comm= | awk '$3 ~ /^(apache2|httpd)/ { parent[$1] = $2; name[$1] = $3 }
        END { for (pid in parent) if (!(parent[pid] in name)) print pid, name[pid] }'
}

# running: the MPM of the one server, as its process says; more than one word where there are more.
running() {
    local pid name
    while read -r pid name; do
        case $name in
            httpd.*) echo "${name#httpd.}" ;;
            httpd) echo prefork ;;
            *) sed -n 's/.*mod_mpm_\([a-z]*\)\.so.*/\1/p' "/proc/$pid/maps" | head -n 1 ;;
        esac
    done < <(masters) | xargs
}

serves() {
    [[ $(curl -s -m 5 -o /dev/null -w '%{http_code}' http://127.0.0.1/bench/page.html) == 200 ]]
}

# settled MPM SECONDS serves|listening: wait until one server is there, runs the MPM and does that.
# Says what runs.
settled() {
    local end=$((SECONDS + $2))
    until [[ $(running) == "$1" ]] && "$3"; do
        if ((SECONDS >= end)); then
            running
            return 1
        fi
        sleep 0.2
    done
    running
}

# restore MPM: whatever was done before, a server that runs this one.
restore() {
    service_does stop
    pkill -KILL -x 'apache2|httpd|httpd\.worker|httpd\.event'
    sleep 0.3
    rm -f "$pid_file"
    edit "$1"
    if [[ $family == debian ]]; then systemctl reset-failed apache2; fi
    service_does start
    settled "$1" 60 serves
}
