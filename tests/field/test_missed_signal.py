"""Field case W4: a child of prefork does not hear that the server stops."""

from field import on

# One child gets neither of the two words by which the main process ends its children: the signal,
# and the byte in the pipe that both share. $1: pid file.
DEAF = """
set -e
main=$(cat $1)
child=$(pgrep -P $main | head -n 1)
pipe=$(ls -l /proc/$main/fd | grep -o 'pipe:.*' | sort | uniq -d | head -n 1)
test -n "$child" && test -n "$pipe"
setsid strace -qq -o /dev/null -e trace=kill -e inject=kill:retval=0:when=1 -p $main \\
    >&- 2>&- <&- &
setsid strace -qq -o /dev/null -P "$pipe" -e trace=read -e inject=read:error=EAGAIN -p $child \\
    >&- 2>&- <&- &
for pid in $main $child; do
    for i in $(seq 50); do grep -q "TracerPid:.[1-9]" /proc/$pid/status && break; sleep 0.1; done
    grep -q "TracerPid:.[1-9]" /proc/$pid/status
done
"""


@on('debian12')
def test_a_child_that_misses_the_stop(host):
    """People have busy servers, which fork a child at the very moment of a graceful stop.

    It holds the socket alone, accepts, and is killed in the middle of requests.
    """
    host.shell(DEAF, host.layout.pid_file)
    watches = [host.watch() for _number in range(8)]
    result = host.switch(strategy='stop', rehearse='never', drain_timeout=10).result
    gap = max([watch.stop() for watch in watches])
    assert result['outcome'] == 'switched', result['msg']
    assert gap < 2, result['timeline']
    cut, asked = (sum(getattr(watch, name) for watch in watches) for name in ('cut', 'asked'))
    # The child may be within a request when it gets the signal again; then the outage says so.
    assert not cut or result['outage_ms'] > 0, f'{cut} of {asked} requests were cut, and no outage'
    assert cut <= len(watches), f'{cut} of {asked} requests were cut'
