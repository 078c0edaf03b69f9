"""What a list of chosen entries is called, and where it is found in each form and language."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext, override

from timeline.filters import TimelineFilter


def site_name():
    return gettext("Timeline of diplomacy")


def origin_of(request):
    """The beginning of every address of this site, as in ``https://example.org``."""
    return f"{request.scheme}://{request.get_host()}"


@dataclass(frozen=True)
class Subject:
    """The entries that a valid filter lets through, as files and feeds speak of them."""

    origin: str
    chosen: TimelineFilter

    @property
    def title(self):
        filters = (f"{label}: {value}" for _name, label, value in self.chosen.active())
        return " · ".join((site_name(), *filters))

    def address(self, name, language=None, **changes):
        """Of the page or file `name` with these filters and `changes` to them, in one language."""
        with override(language or get_language()):
            return f"{self.origin}{reverse(name)}{self.chosen.query(**changes)}"

    def others(self, name):
        """(language, address) of the same in every other language."""
        here = get_language()
        return [
            (code, self.address(name, code)) for code, _label in settings.LANGUAGES if code != here
        ]
