"""The translations are complete, and compiled as they stand."""

from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

SOURCES = sorted(settings.LOCALE_PATHS[0].glob("*/LC_MESSAGES/*.po"))


def catalogue(path):
    with path.open("rb") as source:
        return read_po(source)


def test_every_text_is_translated():
    lacking = [
        (path.parent.parent.name, message.id)
        for path in SOURCES
        for message in catalogue(path)
        if message.fuzzy or not all([message.string, *message.string])
    ]
    assert lacking == []


def test_the_compiled_translations_are_those_of_the_source():
    for path in SOURCES:
        anew = BytesIO()
        write_mo(anew, catalogue(path))
        assert path.with_suffix(".mo").read_bytes() == anew.getvalue(), "run `make messages`"
