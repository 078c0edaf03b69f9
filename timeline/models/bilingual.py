"""Columns in two languages, read in the language of the page."""

from django.utils.translation import get_language

LANGUAGES = ("vi", "en")


def other(language):
    return "en" if language == "vi" else "vi"


class BilingualText:
    """Reads `title` from the pair `title_vi`, `title_en`: the page's language, else the other."""

    def __init__(self, name):
        self.name = name

    def __get__(self, row, owner=None):
        return self if row is None else getattr(row, f"{self.name}_{language_of(row, self.name)}")


def language_of(row, name):
    """The page's language when `row` has the text `name` in it, else the other language."""
    language = "vi" if get_language() == "vi" else "en"
    return language if getattr(row, f"{name}_{language}") else other(language)
