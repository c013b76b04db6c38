"""Reported case: the configuration names a host, which a resolver on this machine knows."""

from field import on

# Answers each question for an IPv4 address with the one that it was started with.
RESOLVER = """
import socket, struct, sys
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(('127.0.0.1', 53))
while True:
    asked, who = server.recvfrom(512)
    end = asked.index(b'\\0', 12) + 5
    kind = struct.unpack('>H', asked[end - 4:end - 2])[0]
    head = asked[:2] + struct.pack('>HHHHH', 0x8580, 1, int(kind == 1), 0, 0)
    answer = b'\\xc0\\x0c' + struct.pack('>HHIH', 1, 1, 60, 4) + socket.inet_aton(sys.argv[1])
    server.sendto(head + asked[12:end] + (answer if kind == 1 else b''), who)
"""
SITE = """<VirtualHost shop.example.test:80>
    ServerName shop.example.test
    DocumentRoot /srv/shop
    <Directory /srv/shop>
        Require all granted
    </Directory>
</VirtualHost>
"""


@on('debian12', 'el9')
def test_a_site_by_name(host):
    """People write a name where httpd wants an address; dnsmasq or unbound on the host knows it.

    Where no network is, httpd drops the site with a warning. The rehearsal has no network.
    """
    host.write('/srv/shop/index.html', 'the shop\n')
    host.write('/usr/local/bin/resolver.py', RESOLVER)
    host.shell(
        'systemd-run --quiet --unit=resolver "$1" /usr/local/bin/resolver.py "$2"; sleep 1; '
        'echo nameserver 127.0.0.1 >/etc/resolv.conf',
        '/usr/bin/python3',
        host.host.address,
    )
    host.write(f'{host.layout.sites}/zz-shop.conf', SITE)
    host.restart()
    assert host.visitor.get('/', name='shop.example.test') == (200, 'the shop\n')
    host.demand_switched()
    assert host.visitor.get('/', name='shop.example.test') == (200, 'the shop\n')
