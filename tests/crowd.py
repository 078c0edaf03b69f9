"""Thousands of rows, written in a moment: without signals and history, as if just rebuilt."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from timeline import text
from timeline.models import Country, Meeting, Organization, Participation, Person, TimelineEntry
from timeline.models.codes import OrganizationKind
from timeline.projected import sort_keys

FAMILIES = ["Nguyễn", "Trần", "Lê", "Đặng", "Ân", "Ông", "Ưng", "Bùi", "Vũ", "Xuân"]
GIVEN = ["An", "Ánh", "Đạt", "Hòa", "Lâm", "Ngọc", "Phương", "Sơn", "Tú", "Ý"]


def write(rows):
    """Store `rows` of one model as they are; they have their keys then."""
    return QuerySet(type(rows[0])).bulk_create(rows, batch_size=400)


def names(number):
    """So many Vietnamese names, every other one a Nguyễn."""
    for n in range(number):
        family = FAMILIES[0 if n % 2 else n // 2 % len(FAMILIES)]
        yield f"{family} Văn {n:05} {GIVEN[n % len(GIVEN)]}"


def people(number, country):
    rows = [
        Person(slug=f"crowd-{n:05}", name=name, country=country)
        for n, name in enumerate(names(number))
    ]
    for row in rows:
        row.sort_key = text.sort_key(row.name)
        row.given_key = text.sort_key(text.given_name_first(row.name))
        row.search = text.fold(row.name)
    return write(rows)


def organizations(number, country):
    kinds = OrganizationKind.values
    rows = [
        Organization(
            slug=f"crowd-{n:05}",
            name_en=f"{chr(65 + n % 26)} Company {n:05}",
            kind=kinds[n % len(kinds)],
            country=country,
        )
        for n in range(number)
    ]
    for row in rows:
        row.sort_key, row.search = text.sort_key(row.name_en), text.fold(row.name_en)
    return write(rows)


def meetings(numbers, person, others, bodies, countries):
    """Published meetings of `person` in `countries`, each with one of `others` and of `bodies`."""
    now, first = timezone.now(), date(1990, 1, 1)
    rows = [
        Meeting(
            slug=f"crowd-{n:05}",
            title_en=f"Meeting {n:05}",
            date_edtf=f"{first + timedelta(n)}",
            earliest=first + timedelta(n),
            latest=first + timedelta(n),
            state="published",
            published_at=now,
            country=countries[n % len(countries)],
        )
        for n in numbers
    ]
    write(rows)
    parts = []
    for n, row in zip(numbers, rows, strict=True):
        both = (person, others[n % len(others)])
        parts += [
            Participation(
                slug=f"crowd-{n:05}-{side}",
                meeting=row,
                person=one,
                country=countries[side],
                organization=bodies[n % len(bodies)] if side else None,
                capacity_en=f"Office {n % 50}",
                name_as_recorded=f"Name {n % 200}",
            )
            for side, one in enumerate(both)
        ]
    write(parts)
    entries(rows, parts, countries, now)


def entries(rows, parts, countries, now):
    """What the projection would have of these meetings, as far as it is asked for."""
    made = write(
        [
            TimelineEntry(
                **dict(zip(("oldest_key", "newest_key"), sort_keys(row), strict=True)),
                kind="meeting",
                slug=row.slug,
                type=row.kind,
                status=row.status,
                title_en=row.title_en,
                date_edtf=row.date_edtf,
                earliest=row.earliest,
                latest=row.latest,
                first_year=row.earliest.year,
                last_year=row.latest.year,
                sources_differ=False,
                published_at=now,
                changed_at=now,
            )
            for row in rows
        ]
    )
    by_slug = {entry.slug: entry.pk for entry in made}
    for name, model in [
        ("people", Person),
        ("organizations", Organization),
        ("countries", Country),
    ]:
        key = f"{model._meta.model_name}_id"
        pairs = {
            (by_slug[part.meeting.slug], getattr(part, key)) for part in parts if getattr(part, key)
        }
        if model is Country:
            pairs |= {(entry, country.pk) for entry in by_slug.values() for country in countries}
        through = getattr(TimelineEntry, name).through
        write([through(timelineentry_id=entry, **{key: pk}) for entry, pk in sorted(pairs)])
