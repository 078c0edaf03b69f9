"""People, organisations and sources that stand twice, or that nothing leads to."""

import re
from collections import defaultdict

from timeline import text
from timeline.models import Organization, Person, SourceDocument
from timeline.rules.registry import WARNING, rule

CHUNK = 500


@rule(
    "authority-is-used",
    WARNING,
    "a person takes part or held an office; an organisation takes part, is part of an office or "
    "issued a document",
)
def authority_is_used():
    unused = {"participations": None, "tenures": None}
    for row in Person.objects.filter(**unused).order_by("slug"):
        yield row, f"nothing refers to {row.name}"
    for row in Organization.objects.filter(**unused, issued_documents=None).order_by("slug"):
        yield row, f"nothing refers to {row.name}"


def words(name):
    return tuple(re.findall(r"\w+", text.fold(name)))


def names_of_person(person):
    """The folded names with their words in one order: “Trump, Donald” is “Donald Trump”."""
    names = (person.name, person.name_latin, person.sort_name, *person.aliases.split("\n"))
    return {tuple(sorted(words(name))): name for name in names if words(name)}


def names_of_organization(body):
    names = (body.name_vi, body.name_en, *body.aliases.split("\n"))
    return {words(name): name for name in names if words(name)}


def names_of_source(source):
    names = {words(title): title for title in (source.title_vi, source.title_en) if words(title)}
    return names | ({(source.url,): source.url} if source.url else {})


def are_two_bodies(one, other):
    """Two countries each have their Ministry of Foreign Affairs."""
    return bool(one.country_id and other.country_id and one.country_id != other.country_id)


def are_two_documents(one, other):
    """Two letters of the same title have two numbers, or two dates of issue."""
    return any(
        getattr(one, name) and getattr(other, name) and getattr(one, name) != getattr(other, name)
        for name in ("number", "date_edtf")
    )


# How the rows of a model are called, what is read of them, and when two of one name are two.
LIKELY = {
    Person: (names_of_person, ("name", "name_latin", "sort_name", "aliases"), None),
    Organization: (
        names_of_organization,
        ("name_vi", "name_en", "aliases", "country_id"),
        are_two_bodies,
    ),
    SourceDocument: (
        names_of_source,
        ("title_vi", "title_en", "url", "number", "date_edtf"),
        are_two_documents,
    ),
}


@rule(
    "stands-once",
    WARNING,
    "no two people, organisations or sources share a name, title or address, whatever the tone "
    "marks and, of people, the order of the words; bodies of two countries and documents of two "
    "numbers or dates may",
)
def stands_once():
    """Each row is compared with the first ones of its names, not with every other row."""
    for model, (names_of, columns, are_two) in LIKELY.items():
        first = defaultdict(list)
        rows = model.objects.order_by("slug").values_list("slug", *columns, named=True)
        for row in rows.iterator(chunk_size=CHUNK):
            likely = {}
            for key, name in names_of(row).items():
                same = [other for other in first[key] if not (are_two and are_two(row, other))]
                if same:
                    likely.setdefault(same[0].slug, name)
                else:
                    first[key].append(row)
            for slug, name in likely.items():
                yield (
                    model._meta.model_name,
                    row.slug,
                    f"may be the same as {slug}: both are called “{name}”",
                )


RULES = (authority_is_used, stands_once)
