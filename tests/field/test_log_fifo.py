"""Field case H3: what logs are written to is no regular file."""

from field import on

# Reads as a shipper of logs does: it opens again when all writers have gone.
SHIP = 'mkfifo $1 && (setsid sh -c "while :; do cat $1 >>/root/shipped; done" >&- 2>&- <&- &)'
# Addresses of the host itself.
OWN = ('127.0.0.1 ', '::1 ')
FILES = {'debian12': '/etc/apache2/sites-enabled/000-default.conf', 'el6': '/etc/httpd/conf/*.conf'}


def arrange_fifo(host, directive):
    """Have a log of the first site be a FIFO that a program reads."""
    fifo = host.layout.log.rpartition('/')[0] + '/errors.fifo'
    host.shell(SHIP, fifo)
    line = f's#^\\(\\s*{directive}\\) [^ ]*#\\1 {fifo}#'
    host.shell(
        f'sed -i "{line}" {FILES[host.layout.name]} && grep "{fifo}" {FILES[host.layout.name]}'
    )
    host.restart()


def switch_in_time(host):
    answer = host.switch(rehearse='required', seconds=40)
    assert answer.result['outcome'] == 'switched', answer.result['msg']
    assert answer.result['rehearsal']['state'] == 'passed'
    assert answer.seconds < 20


@on('debian12', 'el6')
def test_the_error_log_is_a_fifo(host):
    """People ship logs by a FIFO that a program of theirs reads.

    A rehearsal that opens it for reading waits for ever.
    """
    arrange_fifo(host, 'ErrorLog')
    switch_in_time(host)


@on('debian12', 'el6')
def test_the_access_log_is_a_fifo(host):
    """People count visitors by what comes out of a FIFO.

    A rehearsal that reads from it takes lines away from that program.
    """
    arrange_fifo(host, 'CustomLog')
    watch = host.watch()
    switch_in_time(host)
    watch.stop()
    shipped = host.shell('sleep 1; cat /root/shipped').splitlines()
    # What the switch itself has asked comes from the host.
    lines = [line for line in shipped if '"GET / ' in line and not line.startswith(OWN)]
    assert watch.served and len(lines) >= watch.served, (
        f'{watch.served} answers, {len(lines)} lines'
    )


@on('debian12')
def test_a_log_is_a_device(host):
    """People send what they do not want to /dev/null, and errors to the console.

    No device is copied or replaced.
    """
    host.write(
        '/etc/apache2/conf-enabled/zz-log.conf',
        'CustomLog /dev/null common\nTransferLog /dev/full\n',
    )
    host.restart()
    result = host.demand_switched(rehearse='required')
    assert result['rehearsal']['state'] == 'passed'
    assert (
        host.shell('stat -c %F /dev/null /dev/full').split('\n')[:2]
        == ['character special file'] * 2
    )
