"""A PgBouncer of a test's own, in front of the test's PostgreSQL."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.ports import free_port

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")

CONFIGURATION = """
[databases]
* = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 500
logfile = {folder}/pgbouncer.log
"""


@contextmanager
def pgbouncer(database_url: str, folder: Path, pool_size: int) -> Iterator[str]:
    """Pool transactions, and give the URL of the same database by way of it."""
    port = free_port()
    parts = urlsplit(database_url)
    server = f"host={parts.hostname} port={parts.port or 5432} user={parts.username}"
    file = folder / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(server=server, port=port, pool_size=pool_size, folder=folder)
    )
    command = [str(PGBOUNCER), "--quiet", str(file)]
    if os.geteuid() == 0:  # which it refuses to run as
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        command += ["--user", "nobody"]
    process = subprocess.Popen(command)
    try:
        _until_it_listens(process, port)
        yield f"postgres://{parts.username}@127.0.0.1:{port}{parts.path}"
    finally:
        process.terminate()
        process.wait()


def _until_it_listens(process: "subprocess.Popen[bytes]", port: int) -> None:
    while True:
        assert process.poll() is None, "PgBouncer did not start"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)  # nothing tells when a port is opened
