"""Everything about a server that another one could disturb by being started: what is the same
after a rehearsal that nobody noticed.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import hashlib
import os
import stat

from ansible.module_utils.basic import AnsibleModule

PROGRAMS = ('apache2', 'httpd', 'php-fpm')


def read(path):
    """Return what is in a file, as text, a character a byte."""
    with open(path, 'rb') as stream:
        return stream.read().decode('latin-1')


def entry(path):
    """Return which file it is, whose, its mode and its type."""
    facts = os.lstat(path)
    return [
        facts.st_ino,
        facts.st_uid,
        facts.st_gid,
        stat.S_IMODE(facts.st_mode),
        stat.S_IFMT(facts.st_mode),
    ]


def names(folder):
    """Each entry below a folder: which one it is, whose, and its mode."""
    found = {folder: entry(folder)}
    for here, folders, files in os.walk(folder):
        found.update(
            (path, entry(path)) for path in [os.path.join(here, name) for name in folders + files]
        )
    return found


def contents(folder):
    """The contents of each file, or where it leads."""
    found = {}
    for here, _folders, files in os.walk(folder):
        for path in [os.path.join(here, name) for name in files]:
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                found[path] = os.readlink(path)
            elif stat.S_ISREG(mode):
                found[path] = [
                    hashlib.sha256(read(path).encode('latin-1')).hexdigest(),
                    os.stat(path).st_mtime,
                ]
    return found


def mains():
    """Pid, start and program of each server's main process; children come and go."""
    found = []
    for name in [name for name in os.listdir('/proc') if name.isdigit()]:
        try:
            fields = read('/proc/%s/stat' % name).rsplit(')', 1)[1].split()
            program = os.readlink('/proc/%s/exe' % name)
        except (IOError, OSError):
            continue
        if os.path.basename(program).startswith(PROGRAMS) and fields[1] == '1':
            found.append([int(name), int(fields[19]), program])
    return sorted(found)


def listeners():
    """Return [address, inode] of each TCP socket that listens."""
    return sorted(
        [line.split()[1], line.split()[9]]
        for table in ('tcp', 'tcp6')
        for line in read('/proc/net/' + table).splitlines()[1:]
        if line.split()[3] == '0A'
    )


def main():
    """Return all that a rehearsal must leave as it is."""
    module = AnsibleModule(
        argument_spec={'folders': {'type': 'dict', 'required': True}}, supports_check_mode=True
    )
    folders = module.params['folders']
    found = {
        'logs': names(folders['logs']),
        'run': names(folders['run']),
        'run contents': contents(folders['run']),
        'shared memory': names('/dev/shm'),
        'ipc': [read('/proc/sysvipc/' + name) for name in ('shm', 'sem', 'msg')],
        'configuration': contents(folders['config']),
        'configuration names': names(folders['config']),
        'processes': mains(),
        'listeners': listeners(),
        'mounts': read('/proc/1/mountinfo').splitlines(),
        'addresses': read('/proc/net/fib_trie'),
        'namespaces': os.readlink('/proc/1/ns/net'),
    }
    logs = [path for path in names(folders['logs']) if os.path.isfile(path)]
    module.exit_json(
        changed=False, found=found, sizes=dict((path, os.path.getsize(path)) for path in logs)
    )


if __name__ == '__main__':
    main()
