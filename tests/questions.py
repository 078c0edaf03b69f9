"""Everything that can be asked in public, derived from the addresses and from the filter form.

A new address, a new part of an address or a new kind of filter field is asked about by itself, or
fails here until it is told which values there are to ask for.
"""

import random
from dataclasses import dataclass
from itertools import cycle, product

from django import forms
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import override
from django_filters.fields import ModelChoiceField

from tests.asker import Question
from timeline import text
from timeline.filter_form import DateField, SearchField
from timeline.filters import TimelineFilter
from timeline.models import EDITED_MODELS, RECORDS, Country, Organization, Person
from timeline.projected import sort_keys
from timeline.sitemaps import SITEMAPS
from timeline.views.index_forms import CountriesForm, OrganizationsForm, PeopleForm

CLOSED = "admin/"  # what begins like this is not public: tests/test_role_matrix.py walks it
INDEXES = {PeopleForm: Person, OrganizationsForm: Organization, CountriesForm: Country}
NEVER = {"slug": "never-existed", "code": "ZZ"}
# Parts of an address that are keys as well: a pair has two of one kind.
ALIKE = {"other": "code"}
OTHERS = {"section": [*SITEMAPS, "never-existed"]}  # parts that are no keys of rows
NONSENSE = ["", " ", "\0", "%", "'", "Zzyzx", "-1", "x" * 300, "\u202e", "1 OR 1=1"]
PAIRS = 60
# One of so many queries goes to the page and one to the file of trips: the other costs less.
EVERY = 16

# How else a page may be asked for: method and headers.
VARIANTS = [
    ("HEAD", {}),
    ("GET", {"If-None-Match": "*"}),
    ("GET", {"If-None-Match": '"0"', "If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}),
    ("GET", {"If-Modified-Since": "Fri, 01 May 2026 00:00:00 GMT"}),
    ("GET", {"If-Match": '"0"', "Range": "bytes=0-99"}),
    ("GET", {"Accept": "application/json", "Accept-Language": "vi"}),
    ("GET", {"Accept": "text/csv", "Accept-Encoding": "gzip", "Range": "bytes=-50"}),
    ("GET", {"Accept-Language": "fr, vi;q=0.5", "X-Requested-With": "XMLHttpRequest"}),
    ("GET", {"Cookie": "sessionid=x; django_language=vi", "Authorization": "Basic eDp5"}),
    ("POST", {}),
    ("OPTIONS", {}),
]
PAGE, FILE, TRIPS = "/{}/", "/{}/timeline.csv", "/{}/trips-colt.csv"
JSON, FEED, CALENDAR = "/{}/timeline.json", "/{}/timeline.atom", "/{}/timeline.ics"
# Of so many queries in a row these are asked elsewhere than in the file.
ELSEWHERE = {0: PAGE, 3: JSON, 6: FEED, EVERY // 2: TRIPS, 11: CALENDAR, 14: JSON}
# Where each of them is asked, and from where pages are turned to the last one and back.
VARIED = ["/en/", "/vi/timeline.csv", "/en/timeline.atom", "/sitemap.xml"]
# What only the timeline in a frame is asked, with the filters that it has as well.
FRAMED = [(), (("country", "US"),), (("q", "lam"), ("order", "newest")), (("kind", "war"),)]
WALKED = [("/en/", ()), ("/vi/", (("order", "newest"), ("person", "to-lam")))]


@dataclass
class Known:
    """What stands in the fuller of two worlds: keys of rows, words, dates and page cursors."""

    keys: dict
    words: list
    dates: list
    cursors: list

    @classmethod
    def now(cls):
        rows = [row for model in EDITED_MODELS for row in model.objects.order_by("pk")]
        records = [row for row in rows if row._meta.model_name in RECORDS]
        searched = " ".join(getattr(row, "search", "") for row in rows)
        keys = {model: [] for model in EDITED_MODELS}
        for row in rows:
            keys[type(row)].append(row.natural_key()[0])
        return cls(
            keys={model: sorted(found) for model, found in keys.items()},
            words=sorted({*text.fold(searched).split()}),
            dates=sorted({row.date_edtf for row in rows if getattr(row, "date_edtf", "")}),
            cursors=sorted({key for record in records for key in sort_keys(record)}),
        )

    def values_of(self, parameter):
        """What to ask for in the part `parameter` of an address: all that has a page, and more."""
        if parameter in OTHERS:
            return OTHERS[parameter]
        parameter = ALIKE.get(parameter, parameter)
        if parameter not in NEVER:
            raise LookupError(f"tests/questions.py has no values for <{parameter}>: add some")
        found = {
            key
            for model, keys in self.keys.items()
            if model.natural_key_field == parameter and hasattr(model, "get_absolute_url")
            for key in keys
        }
        return [*sorted(found), NEVER[parameter]]


def patterns(resolver=None, localised=False):
    """Yield (URLPattern, whether its address carries a language) of what is public."""
    for entry in (resolver or get_resolver()).url_patterns:
        if str(entry.pattern).startswith(CLOSED):
            continue
        if not isinstance(entry, URLPattern):
            yield from patterns(entry, localised or isinstance(entry.pattern, LocalePrefixPattern))
        elif entry.name:
            yield entry, localised
        else:
            raise LookupError(f"the address “{entry.pattern}” has no name: give it one")


def addresses(known):
    """Every public address: with every key, in one language or the other; without, in both."""
    turn = cycle(("en", "vi"))
    for pattern, localised in patterns():
        parameters = sorted(pattern.pattern.converters)
        for values in product(*map(known.values_of, parameters)):
            kwargs = dict(zip(parameters, values, strict=True))
            for _each in range(1 if parameters or not localised else 2):
                with override(next(turn)):
                    yield reverse(pattern.name, kwargs=kwargs)


def values_of_field(name, field, known):
    """What to ask for in one field of the filter form."""
    if isinstance(field, SearchField):
        return [*known.words, "tô lâm zzyzx", *NONSENSE]
    if isinstance(field, DateField):
        return [*known.dates, "2026-13", "9999", *NONSENSE[:4]]
    if isinstance(field, ModelChoiceField):
        model = field.queryset.model
        return [*known.keys[model], NEVER[model.natural_key_field], *NONSENSE]
    if isinstance(field, forms.ChoiceField):
        return [*(code for code, _label in field.choices if code), *NONSENSE[:5]]
    if name in ("after", "before"):
        return [*known.cursors[:: EVERY // 2], *NONSENSE[:4]]
    raise LookupError(f"tests/questions.py has no values for the filter “{name}”: add some")


def queries(known):
    """Every query with one field, and a sample of those with two."""
    single = [
        (name, value)
        for name, field in TimelineFilter({}).form.fields.items()
        for value in values_of_field(name, field, known)
    ]
    yield from ((pair,) for pair in single)
    chance = random.Random(4)
    yield from (tuple(sorted(chance.sample(single, 2))) for _number in range(PAIRS))


def of_indexes(known):
    """(path, query) with each parameter of each index."""
    for form, model in INDEXES.items():
        values = {
            "letter": ["a", "Đ", "t", "other", *NONSENSE[:6]],
            "country": [*known.keys[Country], NEVER["code"], *NONSENSE[:3]],
            "after": [*known.keys[model], NEVER["slug"], *NONSENSE[:3]],
            "q": [*known.words[::EVERY], "to", *NONSENSE[:6]],
        }
        for name, field in form.base_fields.items():
            if isinstance(field, forms.ChoiceField):
                values[name] = [*(code for code, _label in field.choices if code), "Zzyzx"]
            for value in values[name]:
                yield f"/{{}}/{form.page}/", ((name, value),)


def ask_everything(asker, known):
    """Ask `asker` everything; what it has answered decides how much more is asked."""
    turn = cycle(VARIANTS)
    for number, path in enumerate(addresses(known)):
        answer = asker.ask(Question(path))
        if number % EVERY == 0 or (answer.status != 404 and number % 3):
            asker.ask(varied(path, *next(turn)))
    for path in VARIED:
        for method, headers in VARIANTS:
            asker.ask(varied(path, method, headers))
    for query, value in product(FRAMED, ("1", "2")):
        asker.ask(Question("/vi/", (("embed", value), *query)))
    for number, query in enumerate(queries(known)):
        path = PAGE if query[0][0] in ("after", "before") else FILE
        path = ELSEWHERE.get(number % EVERY, path)
        asker.ask(Question(path.format("en" if number % 2 else "vi"), query))
    for number, (path, query) in enumerate(of_indexes(known)):
        asker.ask(Question(path.format("en" if number % 2 else "vi"), query))
    for path, query in WALKED:
        last = asker.follow(Question(path, query), "next")
        asker.follow(last, "prev")


def varied(path, method, headers):
    return Question(path, method=method, headers=tuple(headers.items()))
