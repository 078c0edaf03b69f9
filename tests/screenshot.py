"""Take the README's pictures of a new installation with the project's own records."""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images"
PICTURES = {
    "timeline": ("/en/", {"width": 1280, "height": 900}),
    "timeline-phone": ("/vi/", {"width": 390, "height": 844}),
}


def main():
    options = chromium.launch_options() or sys.exit("Please install Chromium.")
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as door:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"}
        for command in ("migrate", "seed"):
            subprocess.run(
                [sys.executable, "manage.py", command, "--verbosity", "0"],
                cwd=ROOT,
                env=environment,
                check=True,
            )
        # The server gets a door that is open already, so the browser need not wait for it.
        gunicorn = [sys.executable, "-m", "gunicorn", "timeline.wsgi", "--no-control-socket"]
        server = subprocess.Popen(
            [*gunicorn, "--log-level", "warning", "--bind", f"fd://{door.fileno()}"],
            cwd=ROOT,
            env=environment,
            pass_fds=[door.fileno()],
        )
        try:
            take_pictures(f"http://127.0.0.1:{door.getsockname()[1]}", options)
        finally:
            server.terminate()
            server.wait()


def take_pictures(site, options):
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, playwright.chromium.launch(**options) as browser:
        for name, (address, size) in PICTURES.items():
            page = browser.new_page(viewport=size)
            if not page.goto(site + address).ok:
                sys.exit(f"{address} gave no page.")
            page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
