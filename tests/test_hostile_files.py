"""What would exhaust the machine, or is not what it says, is refused: soon, small, and in words."""

import json
import subprocess
import sys

import pytest

from tests import hostile
from timeline.exchange import reading_xlsx, workbook
from timeline.exchange.reading import UnreadableFile, read

MAX_SECONDS, MAX_MEMORY = 2, 200_000  # kB, of the whole process
# A process of its own, because the one of the tests is large already.
READ = """
import json, sys, time
import django
django.setup()
from timeline.exchange.reading import UnreadableFile, read
told = {}
for path in sys.argv[1:]:
    begin = time.process_time()
    try:
        with open(path, "rb") as file:
            read(file, max_rows=20_000)
        sentence = "it was read"
    except UnreadableFile as refused:
        sentence = str(refused)
    told[path] = sentence, time.process_time() - begin
with open("/proc/self/status") as status:
    [peak] = [line.split()[1] for line in status if line.startswith("VmHWM")]
print(json.dumps([int(peak), told]))
"""
FILES = [*hostile.XLSX.items(), *hostile.CSV.items()]


def test_each_is_refused_with_a_sentence_in_two_seconds_and_200_mb(tmp_path, monkeypatch):
    expected = {}
    for number, (_name, (make, sentence)) in enumerate(FILES):
        path = tmp_path / f"{number}"
        path.write_bytes(make())
        expected[str(path)] = sentence
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    done = subprocess.run([sys.executable, "-c", READ, *expected], capture_output=True, check=True)
    peak, told = json.loads(done.stdout)
    for path, (sentence, seconds) in told.items():
        assert sentence.startswith(expected[path])
        assert seconds < MAX_SECONDS, sentence
    assert told.keys() == expected.keys()
    assert peak < MAX_MEMORY


@pytest.mark.parametrize(
    ("module", "limit", "make"),
    [
        (reading_xlsx, "MAX_EMPTY", lambda n: hostile.sheet("<row/>" * n)),
        (reading_xlsx, "MAX_EMPTY", lambda n: hostile.sheet(hostile.row_of("<c/>", n - 1))),
        (reading_xlsx, "MAX_OTHER", lambda n: hostile.sheet("<x/>" * (n - 2))),
        (workbook, "MAX_TEXTS", lambda n: hostile.shared("<si><t>x</t></si>" * n)),
        (workbook, "MAX_OTHER", lambda n: hostile.shared("<r/>" * (n - 1) + "<si/>")),
        (workbook, "MAX_ELEMENTS", lambda n: hostile.workbook({hostile.STYLES: nested(n)})),
    ],
)
def test_what_says_nothing_is_counted(module, limit, make, monkeypatch, tmp_path):
    monkeypatch.setattr(module, limit, 100)
    path = tmp_path / "x.xlsx"
    for number, sentence in {100: "", 101: "The workbook unpacks to far more"}.items():
        path.write_bytes(make(number))
        said = refusal_of(path)
        assert said.startswith(sentence)
        assert sentence or said in ("", "The file has no rows below its heading.")


def refusal_of(path):
    try:
        with path.open("rb") as file, read(file):
            return ""
    except UnreadableFile as error:
        return str(error)


def nested(number):
    return lambda text: "<x>" + "<y/>" * (number - 1) + "</x>"
