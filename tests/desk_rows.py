"""One row of each model of the desk in each state that makes a difference to who may change it."""

from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests import builders, matrix
from timeline import changes, publication
from timeline.models import RECORDS, ChangeSet, Person, TimelineEntry
from timeline.models.changeset import ChangeKind

STATES = ("draft", "review", "scheduled", "published", "withdrawn")


def written(people):
    """{model: [row, ...]}; `row.kept_for` names the kinds whose publishers alone may change it."""
    root = people["root"]
    file = SimpleUploadedFile("shown.txt", b"What it says.")
    us, source = builders.country("US"), builders.source("Shown source", file=file)
    lam, body = builders.person("Shown person"), builders.organization("Shown body")
    found = {}
    for kind, model in RECORDS.items():
        found[model] = [
            _in_state(kind, state, root, source=source, person=lam, organization=body, country=us)
            for state in STATES
        ]
    for rows in list(found.values()):
        for row in (rows[STATES.index("draft")], rows[STATES.index("published")]):
            for part in parts_of(row):
                part.kept_for = row.kept_for
                found.setdefault(type(part), []).append(part)
    for row in (us, source, lam, body, _office(lam, source)):
        row.kept_for = tuple(RECORDS)
        found[type(row)] = [row]
    nobody = builders.person("Hidden person")
    for row in (
        builders.country("LA"),
        builders.source("Hidden source", access="internal"),
        nobody,
        builders.organization("Hidden body"),
        _office(nobody, source),
    ):
        found[type(row)].append(row)
    assert [row.name for row in Person.objects.all() if row.entries.exists()] == ["Shown person"]
    assert TimelineEntry.objects.count() == len(RECORDS)
    gone = builders.country("CU")
    matrix.DELETED["key"] = gone.pk
    with changes.made(ChangeKind.EDIT, root) as act:
        gone.delete()
    found[ChangeSet] = [act.row]
    found[User] = [people["vera"], people["root"]]
    found[Group] = [Group.objects.get(name="Viewers")]
    return found


def _in_state(kind, state, root, source, **who):
    """A record with one of each of its parts, brought into `state` step by step."""
    record = getattr(builders, kind)(f"{state} {kind}")
    builders.citation(record, source=source)
    builders.participation(record, **who)
    if kind == "trip":
        builders.leg(record)
    if kind == "agreement":
        builders.item(record)
    if state == "scheduled":
        record.publish_at = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
        record.save()
    if state == "review":
        publication.submit(record, root)
    elif state != "draft":
        publication.publish(record, root)
    if state == "published":
        builders.correction(record, corrected_at=timezone.now().replace(microsecond=0))
    if state == "withdrawn":
        publication.withdraw(record, root, "It was a hoax.")
    record.kept_for = (kind,) if record.state == "published" else ()
    return record


def parts_of(record):
    for name in ("citations", "participations", "corrections", "legs", "items"):
        yield from getattr(record, name).all() if hasattr(record, name) else ()


def _office(person, source):
    tenure = builders.tenure(person=person)
    builders.citation(tenure, source=source)
    return tenure
