"""How long the pages of the admin take with few records and with many, as ratios of one run.

    python -m benchmarks.admin_pages [--rows 100000] [--postgres]

Fills two scratch databases, one after the other, with trips, their participants and citations.
The rows are written by SQL in bulk: no history, no derivation, which reading does not need.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMALL, REPEATS, CHUNK = 100, 7, 5_000
WORDS = ["talks", "visit", "working trip", "state visit", "signing", "Tô Lâm", "Hà Nội", "Cuba"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/db.sqlite3"
        if options.postgres:
            from tests import postgres_server

            os.environ["DATABASE_URL"] = stack.enter_context(postgres_server.running())
        set_up()
        small = measured(SMALL)
        large = measured(options.rows)
    print(f"{'page':<28}{SMALL:>9,}{options.rows:>11,}   ratio   (median ms of {REPEATS})")
    for name, few in small.items():
        print(f"{name:<28}{few:>9.1f}{large[name]:>11.1f}{large[name] / few:>8.1f}")


def set_up():
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ.setdefault(
        "SECRET_KEY", "this key signs nothing outside of the benchmark 0123456789"
    )
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)


def measured(size):
    """{page: median of its milliseconds}, with `size` trips in the database."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client

    fill(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    user, _made = User.objects.get_or_create(username="ada", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    return {name: median(client, *page) for name, page in pages(size).items()}


def pages(size):
    """{name: (address, query)}; the form is that of a record in the middle of the list."""
    from timeline.models import Trip

    trips, middle = "/admin/timeline/trip/", Trip.objects.order_by("pk")[size // 2].pk
    choice = {"app_label": "timeline", "model_name": "meeting", "field_name": "trip"}
    return {
        "index": ("/admin/", {}),
        "list": (trips, {}),
        "list, search many": (trips, {"q": "talks"}),
        "list, search none": (trips, {"q": "zzyzx"}),
        "list, one year": (trips, {"when": "2013"}),
        "list, one month": (trips, {"when": "2013-07"}),
        "list, no date": (trips, {"when": "none"}),
        "list, drafts": (trips, {"state__exact": "draft"}),
        "list, scheduled": (trips, {"state__exact": "scheduled"}),
        "list, rare kind, by state": (trips, {"kind__exact": "state_visit", "o": "3"}),
        "list, last page": (trips, {"p": -(-size // 50)}),
        "form": (f"{trips}{middle}/change/", {}),
        "history": (f"{trips}{middle}/history/", {}),
        "choice of a trip": ("/admin/autocomplete/", {**choice, "term": "talks"}),
        "choice, nothing found": ("/admin/autocomplete/", {**choice, "term": "zzyzx"}),
        "citations": ("/admin/timeline/citation/", {}),
        "participations": ("/admin/timeline/participation/", {}),
    }


def median(client, address, query):
    times = []
    for _repeat in range(REPEATS + 1):
        start = time.perf_counter()
        answer = client.get(address, query)
        times.append((time.perf_counter() - start) * 1_000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} {query} answered {answer.status_code}.")
    return statistics.median(times[1:])


def fill(size):
    """Make the number of trips `size`, each with a participant and a citation."""
    from django.db.models import QuerySet

    from timeline import text
    from timeline.models import Citation, Participation, Person, SourceDocument, Trip

    start = Trip.objects.count()
    people = [Person(slug=f"person-{n}", name=f"Person {n}", sort_key=f"{n}") for n in range(100)]
    QuerySet(Person).bulk_create(people, ignore_conflicts=True)
    sources = [SourceDocument(slug=f"source-{n}", title_en=f"Source {n}") for n in range(100)]
    QuerySet(SourceDocument).bulk_create(sources, ignore_conflicts=True)
    people, sources = list(Person.objects.all()), list(SourceDocument.objects.all())
    for first in range(start, size, CHUNK):
        numbers = range(first, min(first + CHUNK, size))
        trips = QuerySet(Trip).bulk_create(Trip(**trip(number, text)) for number in numbers)
        QuerySet(Participation).bulk_create(
            Participation(trip=row, slug=row.slug, person=people[row.pk % 100], role="head")
            for row in trips
        )
        QuerySet(Citation).bulk_create(
            Citation(trip=row, slug=row.slug, source=sources[row.pk % 100]) for row in trips
        )


def trip(number, text):
    """The columns of the trip `number`: days, months and years from 1925 on, some without."""
    from datetime import UTC, date, datetime

    year, month, day = 1925 + number * 7 % 100, number % 12 + 1, number % 28 + 1
    title = f"{WORDS[number % 8]} {number}"
    state = ["published"] * 90 + ["draft"] * 7 + ["review", "withdrawn", "published"]
    row = {
        "slug": f"trip-{number}",
        "title_en": title,
        "summary_en": "Two or three sentences about what happened there. " * 4,
        "search": text.fold(f"{title} two or three sentences about what happened there " * 3),
        "kind": "state_visit" if number % 50 == 0 else "working_visit",
        "state": state[number % 100],
    }
    if row["state"] == "published" and number % 1_000 != 99:
        row["published_at"] = datetime(2024, 1, 1, tzinfo=UTC)
    if number % 20 == 0:
        return row
    if number % 3 == 0:
        ends = {"earliest": date(year, 1, 1), "latest": date(year, 12, 31)}
        return row | ends | {"date_edtf": f"{year}"}
    the_day = date(year, month, day)
    return row | {"date_edtf": f"{the_day}", "earliest": the_day, "latest": the_day}


if __name__ == "__main__":
    main()
