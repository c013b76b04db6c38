"""Field cases H1 and H2: a dialog for pass phrases, with keys that need it and keys that do not."""

import pytest
from field import on

FOLDER = '/etc/apache2/tls'
SITE = """Listen 443
<VirtualHost *:443>
    ServerName shop.test
    DocumentRoot /var/www/html
    SSLEngine on
    SSLCertificateFile {folder}/shop.crt
    SSLCertificateKeyFile {folder}/shop.key
</VirtualHost>
"""
# As EL has it in ssl.conf; systemd's own program asks the person at the console.
DIALOG = '/usr/libexec/httpd-ssl-pass-dialog'
ASKS = (
    '#!/bin/sh\nexec /bin/systemd-ask-password "Enter TLS private key passphrase for $1 ($2) : "\n'
)
SAYS = '#!/bin/sh\necho secret\n'


def arrange_site(host, dialog, pass_phrase=None, key_format='traditional'):
    """Give the host a site with TLS. pass_phrase: of its key, None for a key without."""
    host.shell('a2enmod -q ssl && rm -f /etc/apache2/ports.conf.old')
    host.shell(
        f'mkdir -p {FOLDER} && cd {FOLDER} && openssl req -x509 -newkey rsa:2048 -nodes '
        '-keyout plain.key -out shop.crt -days 30 -subj /CN=shop.test && cp plain.key shop.key'
    )
    if pass_phrase:
        form = '-traditional' if key_format == 'traditional' else ''
        command = 'pkcs8 -topk8' if key_format == 'pkcs8' else f'rsa {form} -aes256'
        host.shell(
            f'cd {FOLDER} && openssl {command} -in plain.key -out shop.key -passout pass:"$1"',
            pass_phrase,
        )
    host.shell('sed -i "s/^\\(\\s*\\)Listen 443/\\1#Listen 443/" /etc/apache2/ports.conf')
    host.shell('sed -i "/^\\s*SSLPassPhraseDialog/d" /etc/apache2/mods-available/ssl.conf')
    text = f'SSLPassPhraseDialog {dialog}\n' + SITE.format(folder=FOLDER)
    host.write('/etc/apache2/sites-enabled/shop.conf', text)


@on('debian12')
def test_a_dialog_that_nobody_needs(host):
    """People have EL's stock ssl.conf, whose dialog is a program, and keys without a pass phrase.

    The program is never started; a switch has nothing to ask.
    """
    host.write(DIALOG, ASKS, '755')
    arrange_site(host, f'exec:{DIALOG}')
    host.restart()
    result = host.demand_switched(rehearse='required')
    assert result['rehearsal']['state'] == 'passed'
    host.demand_switched(mpm='prefork', rehearse='required')
    assert host.visitor.get('/', port=443)[0] == 400, 'plain HTTP on the port of TLS'


@on('debian12')
def test_a_dialog_that_answers_by_itself(host):
    """People have a program say the pass phrase, so that a host comes up unattended.

    Nobody is asked, and the switch can be rehearsed.
    """
    host.write(DIALOG, SAYS, '700')
    arrange_site(host, f'exec:{DIALOG}', 'secret')
    host.restart()
    result = host.demand_switched(rehearse='required')
    assert result['rehearsal']['state'] == 'passed'


@on('debian12')
@pytest.mark.parametrize('key_format', ['traditional', 'pkcs8'])
@pytest.mark.parametrize('asks', ['builtin', 'program'])
def test_a_key_that_somebody_types_in(host, asks, key_format):
    """People protect a key by a pass phrase, and type it in at each start.

    Who switches by Ansible does not sit there: it is refused before, and cannot be accepted.
    """
    host.write(DIALOG, SAYS, '700')
    arrange_site(host, f'exec:{DIALOG}', 'secret', key_format)
    host.restart()
    if asks == 'builtin':
        host.shell(
            'sed -i "s/^SSLPassPhraseDialog.*/SSLPassPhraseDialog builtin/" '
            '/etc/apache2/sites-enabled/shop.conf'
        )
    else:
        host.write(DIALOG, ASKS, '755')
    host.demand_refused('start_needs_a_person', seconds=20)
    host.demand_runs('prefork')


@on('debian12')
def test_a_dialog_that_never_answers(host):
    """People have programs of their own say the pass phrase, and the vault is not there today.

    Nobody can know that; the rehearsal hangs, and that is a failure.
    """
    host.write('/usr/local/bin/vault', SAYS, '700')
    arrange_site(host, 'exec:/usr/local/bin/vault', 'secret')
    host.restart()
    host.write('/usr/local/bin/vault', '#!/bin/sh\nsleep 600\n', '700')
    host.demand_refused('rehearsal_failed', seconds=60)
    host.demand_runs('prefork')
