"""CI's option --no-skips: nothing that was left out counts as tested."""

import subprocess
import sys

import pytest

TESTS = """
import pytest

def test_skips():
    pytest.skip("no Chromium here")

@pytest.mark.xfail
def test_is_expected_to_fail():
    assert False
"""


@pytest.mark.parametrize(
    ("options", "closing"),
    [([], "1 skipped, 1 xfailed"), (["--no-skips"], "1 failed, 1 xfailed")],
)
def test_a_skip_is_a_failure_when_asked(tmp_path, options, closing):
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    pytest_here = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-rfs"]
    outcome = subprocess.run(
        [*pytest_here, "--rootdir", tmp_path, tmp_path, *options], capture_output=True, text=True
    )
    assert closing in outcome.stdout
    assert "no Chromium here" in outcome.stdout
