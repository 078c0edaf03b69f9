"""How long the public timeline takes with few entries and with many, as ratios of one run.

    python -m benchmarks.public_pages [--rows 100000] [--postgres]

Fills one scratch database, first a little and then up, with entries of the timeline and their
links; behind one in ten stands a meeting, for the pages that read more than entries: all of them
of one person, who meets others, and of two countries. Beside the median
time of each page stand its queries and its weight, compressed, when there are many.
"""

import argparse
import gzip
import os
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMALL, REPEATS, CHUNK, PEOPLE, BODIES = 100, 5, 5_000, 10_000, 1_000
BEHIND = 10  # of so many entries one has a record behind it
FIRST_DAY, DAYS = date(1945, 9, 2), 29_500
FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Đỗ", "Tô"]
GIVEN = ["Lâm", "Chính", "Trọng", "Mai", "Sơn", "Hà", "Giang", "Ngọc", "Thành", "Duy", "Quỳnh"]
ABOUT = ["trade", "defence", "energy", "science", "health", "culture", "transport", "education"]
SUMMARY = "Hai bên trao đổi về {} và nhất trí thúc đẩy hợp tác trong thời gian tới, theo thông báo."


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
        few = measured(SMALL)
        many = measured(options.rows)
    print(f"{'page':<28}{SMALL:>9,}{options.rows:>11,}   ratio  queries   kB   (median ms)")
    for name, (small, *_rest) in few.items():
        large, queries, weight = many[name]
        ratio = large / small
        print(f"{name:<28}{small:>9.1f}{large:>11.1f}{ratio:>8.1f}{queries:>9}{weight:>5.0f}")


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
    """{page: (median milliseconds, queries, kilobytes)}, with `size` entries in the database."""
    from django.db import connection
    from django.test import Client

    fill(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return {name: one(Client(), *page) for name, page in pages(size).items()}


def pages(size):
    """{name: (address, query)}; a page in the middle is asked for by its cursor, as readers do."""
    from timeline.models import TimelineEntry

    keys = TimelineEntry.objects.order_by("oldest_key").values_list("oldest_key", flat=True)
    page, middle = "/en/", keys[min(50_000, size // 2)]
    return {
        "all": (page, {}),
        "page 1,000": (page, {"after": middle}),
        "a word, in most": (page, {"q": "hop tac"}),
        "a word, in many": (page, {"q": "lam"}),
        "a word, in few": (page, {"q": "zanzibar"}),
        "two words": (page, {"q": "tran energy"}),
        "a phrase": (page, {"q": '"nguyen van lam"'}),
        "no such word": (page, {"q": "zzyzx"}),
        "two words, no hit": (page, {"q": "energy zzyzx", "country": "VN"}),
        "a word, best first": (page, {"q": "lam", "order": "best"}),
        "a country in most": (page, {"country": "VN"}),
        "a country": (page, {"country": "C7"}),
        "two countries": (page, {"country": "VN", "with": "C7"}),
        "country, kind, word": (page, {"country": "VN", "kind": "meeting", "q": "lam"}),
        "a person": (page, {"person": "person-3"}),
        "ten years": (page, {"from": "1990", "to": "1999"}),
        "no hit, ten terms": (page, {"q": "meeting cuoc gap ve of on the bo hop zzyzx"}),
        "feed": (f"{page}timeline.atom", {}),
        "feed of a country": (f"{page}timeline.atom", {"country": "VN"}),
        "calendar": (f"{page}timeline.ics", {}),
        "JSON": (f"{page}timeline.json", {}),
        "JSON of a country": (f"{page}timeline.json", {"country": "VN"}),
        "frame of a country": (page, {"country": "VN", "embed": "1"}),
        "sitemap index": ("/sitemap.xml", {}),
        "page of a person": (f"{page}people/person-3/", {}),
        "page of a country": (f"{page}countries/VN/", {}),
        "page of two countries": (f"{page}countries/C7/VN/", {}),
        "page of a record": (f"{page}meetings/crowd-00003/", {}),
    }


def one(client, address, query):
    from django.db import connection

    times, queries = [], []
    for _repeat in range(REPEATS + 1):
        queries.clear()
        with connection.execute_wrapper(lambda run, *args: queries.append(1) or run(*args)):
            start = time.perf_counter()
            answer = client.get(address, query)
            content = answer.getvalue()
            times.append((time.perf_counter() - start) * 1_000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} {query} answered {answer.status_code}.")
    weight = len(gzip.compress(content)) / 1_000
    return statistics.median(times[1:]), len(queries), weight


def fill(size):
    """Make the number of entries `size`, with people, bodies and countries that they show."""
    from timeline.models import TimelineEntry

    start = TimelineEntry.objects.count()
    if not start:
        fill_authorities()
    rows = Rows(random.Random(7))
    for first in range(start, size, CHUNK):
        numbers = range(first, min(first + CHUNK, size))
        rows.with_meetings(range(numbers.start // BEHIND, numbers.stop // BEHIND))
        made = [rows.one(number) for number in numbers if (number + 1) % BEHIND]
        TimelineEntry.objects.bulk_create(entry for entry, _links in made)
        for name in ("countries", "people", "organizations"):
            link(name, [(entry, links[name]) for entry, links in made])


def fill_authorities():
    from django.db.models import QuerySet

    from timeline.models import Country, Organization, Person

    countries = [("VN", "VNM", "Việt Nam")]
    countries += [(f"C{c}", f"C{c}X", f"Nước {c}") for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    QuerySet(Country).bulk_create(
        Country(code=code, iso3=iso3, name_vi=name, name_en=f"Land {code}")
        for code, iso3, name in countries
    )
    people = (Person(slug=f"person-{n}", name=name(n), sort_key=f"{n}") for n in range(PEOPLE))
    QuerySet(Person).bulk_create(people, batch_size=CHUNK)
    QuerySet(Organization).bulk_create(
        Organization(slug=f"body-{n}", name_vi=f"Bộ {n}", name_en=f"Ministry {n}")
        for n in range(BODIES)
    )


def name(number):
    return f"{FAMILIES[number % 10]} {['Văn', 'Thị'][number % 2]} {GIVEN[number // 10 % 11]}"


class Rows:
    """Entries like real ones: a third a day alone, some months, years, spans, and none dated."""

    def __init__(self, chance):
        from timeline import text
        from timeline.models import Country, Organization, Person

        self.chance, self.text = chance, text
        self.countries = list(Country.objects.order_by("pk"))
        self.people = list(Person.objects.order_by("pk"))
        self.bodies = list(Organization.objects.order_by("pk"))

    def with_meetings(self, numbers):
        """Write entries with meetings behind them, all of one person and of two countries."""
        from tests import crowd

        person, others = self.people[3], self.people[4:400]
        pair = [row for row in self.countries if row.code in ("VN", "C7")]
        crowd.meetings(numbers, person, others, self.bodies[:100], pair)

    def one(self, number):
        """(entry, {link: rows}) of the entry `number`."""
        from timeline.models import TimelineEntry

        chance = self.chance
        kind = chance.choice(["trip", *["meeting"] * 6, "agreement", "agreement"])
        countries = chance.sample(self.countries[1:], chance.choice([1, 1, 1, 2]))
        if chance.random() < 0.9:
            countries.append(self.countries[0])
        # Few people are in most of it.
        people = {self.people[int(PEOPLE * chance.random() ** 4)] for _each in range(3)}
        bodies = {self.bodies[int(BODIES * chance.random() ** 3)] for _each in range(number % 2)}
        topic = chance.choice(ABOUT) if number % 1_000 else "Zanzibar"
        who = "; ".join(person.name for person in people)
        lines = [
            *(f"Cuộc gặp của {who} về {topic}", f"Meeting of {who} on {topic}"),
            *(SUMMARY.format(topic), f"The sides talked about {topic}, as it was announced then."),
            *(row.name_vi for row in (*countries, *bodies)),
            *(row.name_en for row in (*countries, *bodies)),
            *("Bộ trưởng Bộ Ngoại giao", "Minister of Foreign Affairs"),
        ]
        entry = TimelineEntry(
            kind=kind,
            slug=f"entry-{number}",
            type={"trip": "working_visit", "meeting": "talks", "agreement": "memorandum"}[kind],
            status="" if kind == "agreement" else chance.choice(["held"] * 9 + ["announced"]),
            stage="signed" if kind == "agreement" else "",
            verification="unverified",
            title_vi=lines[0],
            title_en=lines[1],
            summary_vi=lines[2],
            summary_en=lines[3],
            place_vi=countries[0].name_vi,
            place_en=countries[0].name_en,
            participants_vi="\n".join(f"{row.name} (Bộ trưởng): tham dự" for row in people),
            participants_en="\n".join(f"{row.name} (Minister): participant" for row in people),
            sources_vi="Tạp chí Cộng sản, số ra trong tháng, trang đối ngoại",
            sources_en="Communist Review, this month's issue, pages on foreign affairs",
            country_codes="; ".join(sorted(row.code for row in countries)),
            sources_differ=number % 50 == 0,
            search="\n".join(map(self.text.search_line, lines)),
            search_title="\n".join(map(self.text.search_line, lines[:2])),
            digest="0" * 64,
            published_at=datetime(2026, 1, 1, tzinfo=UTC),
            changed_at=datetime(2026, 1, 1, tzinfo=UTC),
            **self.dates(kind, number),
        )
        return entry, {"countries": countries, "people": people, "organizations": bodies}

    def dates(self, kind, number):
        first = FIRST_DAY + timedelta(days=self.chance.randrange(DAYS))
        last = first + timedelta(days=4 if kind == "trip" else 0)
        edtf = f"{first}/{last}" if kind == "trip" else f"{first}"
        if number % 20 == 0:
            first = last = None
            edtf = ""
        elif number % 10 == 3:
            first, last = date(first.year, 1, 1), date(first.year, 12, 31)
            edtf = f"{first.year}"
        elif number % 10 == 5:
            last = first + timedelta(days=6)
            edtf = f"[{first}..{last}]"
        day = int(f"{first:%Y%m%d}") if first else 99999999
        inverse = 99999998 - day if first else day
        narrow = 99999999 - int(f"{last:%Y%m%d}") if last else 0
        tail = f"{narrow:08}.{['trip', 'meeting', 'agreement'].index(kind)}.entry-{number}"
        return {
            "date_edtf": edtf,
            "date_basis": "stated",
            "earliest": first,
            "latest": last,
            "first_year": first and first.year,
            "last_year": last and last.year,
            "oldest_key": f"{day:08}.{tail}",
            "newest_key": f"{inverse:08}.{tail}",
        }


def link(name, pairs):
    from timeline.models import TimelineEntry

    through = getattr(TimelineEntry, name).through
    key = TimelineEntry._meta.get_field(name).m2m_reverse_field_name()
    through.objects.bulk_create(
        [
            through(timelineentry_id=entry.pk, **{f"{key}_id": row.pk})
            for entry, rows in pairs
            for row in rows
        ],
        batch_size=CHUNK,
    )


if __name__ == "__main__":
    main()
