"""Every text of the public pages is in the Vietnamese catalogue, as the sources now word it."""

from io import BytesIO

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

FOLDER = settings.BASE_DIR
TEMPLATES = [*FOLDER.glob("templates/*.html"), *FOLDER.glob("templates/parts/*.html")]
MODULES = [
    *(FOLDER / "timeline" / name for name in ("filters.py", "publication.py")),
    *(FOLDER / "timeline" / "models" / name for name in ("codes.py", "entry.py", "source.py")),
    FOLDER / "timeline" / "exchange" / "public_csv.py",
    *(FOLDER / "timeline" / "exchange").glob("*definitions.py"),
    *(FOLDER / "timeline" / "exchange" / "package").glob("*.py"),
    FOLDER / "timeline" / "exchange" / "colt" / "columns.py",
    *FOLDER.glob("timeline/views/*.py"),
]
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy"), None),
    "ngettext": (1, 2),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}


def texts(path):
    """The (context, text) pairs that `path` asks translations for."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # What is left of a template is Python only in its calls: the lines need no indentation.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    for _line, message, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        yield context, message[0] if isinstance(message, tuple) else message


@pytest.fixture(scope="module")
def vietnamese():
    with (FOLDER / "locale/vi/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file)


@pytest.mark.parametrize("path", sorted(TEMPLATES + MODULES), ids=lambda path: path.name)
def test_each_public_text_is_translated(path, vietnamese):
    lacking = []
    for context, text in texts(path):
        message = vietnamese.get(text, context)
        translation = message.string if message else ""
        if not (translation[0] if isinstance(translation, tuple) else translation):
            lacking.append((context, text))
    assert lacking == [], "run `make messages` and translate"


def test_a_template_with_texts_is_read():
    assert (None, "Skip to the content") in texts(FOLDER / "templates" / "base.html")
    assert (None, "and %(more)s more") in texts(FOLDER / "templates" / "parts" / "entry.html")


def test_the_pages_speak_vietnamese():
    with override("vi"):
        assert [gettext(word) for word in ("Timeline", "trip", "meeting", "agreement")] == [
            "Dòng thời gian",
            "chuyến đi",
            "cuộc gặp",
            "thỏa thuận",
        ]
