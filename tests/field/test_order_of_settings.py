"""Reported case: settings of the MPM that stand where httpd does not look at them, or not last."""

from field import on

MAIN = '/etc/apache2/apache2.conf'
BEFORE = """
<IfModule mpm_prefork_module>
    ServerLimit 600
    MaxRequestWorkers 600
</IfModule>
MaxRequestWorkers 500
"""


@on('debian12')
def test_settings_before_the_module_is_loaded(host):
    """People, or their tool, write the settings of the MPM above the line that loads it.

    The section does not count, since there is no such module yet; what the module's own file says
    comes last. They believe in 600 workers, and have 150.
    """
    text = host.read(MAIN)
    at = text.index('IncludeOptional mods-enabled/*.load')
    host.write(MAIN, text[:at] + BEFORE + text[at:])
    host.restart()
    settings = host.audit().result['mpm']['directives']
    assert settings['MaxRequestWorkers'] == 150, settings
    host.there_and_back()
