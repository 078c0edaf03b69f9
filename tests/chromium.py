"""The browser of the tests and of the pictures: the system's Chromium, driven by Playwright."""

import os
import shutil

# No calls home: they would only wait for a network that need not be there.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def launch_options() -> dict | None:
    """What Playwright's `launch` needs, or None where there is no Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        return None
    # Chromium's sandbox refuses root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": program, "args": QUIET + sandbox}
