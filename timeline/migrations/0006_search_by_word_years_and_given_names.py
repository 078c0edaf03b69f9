"""What the public timeline is searched, counted and sorted by; filled from what is there.

Every column follows from others, so that nothing has to be told anew and no entry counts as
changed: `manage.py rebuild_timeline --check` finds nothing to do afterwards.
"""

from django.db import migrations, models
from django.db.models.functions import ExtractYear

import timeline.models.fields
from timeline import text

CHUNK = 500


def in_chunks(rows):
    """Yield the rows in lists, by primary key."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def lines(parts):
    return "\n".join(filter(None, dict.fromkeys(map(text.search_line, parts))))


def several_aliases(apps):
    """{the line they were: the line of each} of people and bodies with several other names."""
    return {
        text.fold(aliases): aliases.splitlines()
        for model in ("Person", "Organization")
        for aliases in apps.get_model("timeline", model).objects.values_list("aliases", flat=True)
        if "\n" in aliases
    }


def fill_entries(apps, schema_editor):
    entries = apps.get_model("timeline", "TimelineEntry").objects
    entries.filter(earliest__isnull=False).update(first_year=ExtractYear("earliest"))
    entries.filter(latest__isnull=False).update(last_year=ExtractYear("latest"))
    entries.filter(verification="disputed").update(sources_differ=True)
    citations = apps.get_model("timeline", "Citation").objects.filter(
        stance="contradicts", source__access__in=("public", "citation")
    )
    for kind in ("trip", "meeting", "agreement"):
        slugs = citations.filter(**{f"{kind}__isnull": False}).values(f"{kind}__slug")
        entries.filter(kind=kind, slug__in=slugs).update(sources_differ=True)
    aliases = several_aliases(apps)
    for chunk in in_chunks(entries):
        for entry in chunk:
            found = entry.search.splitlines()
            entry.search = lines(part for line in found for part in aliases.get(line, [line]))
            entry.search_title = lines([entry.title_vi, entry.title_en])
        entries.bulk_update(chunk, ["search", "search_title"])


def fill_people(apps, schema_editor):
    people = apps.get_model("timeline", "Person").objects
    for chunk in in_chunks(people):
        for person in chunk:
            turned = text.given_name_first(person.name, person.sort_name)
            person.given_key = text.sort_key(turned)[:700]
        people.bulk_update(chunk, ["given_key"])


class Migration(migrations.Migration):
    atomic = True

    dependencies = [("timeline", "0005_import_runs")]

    operations = [
        migrations.AddField(
            "person",
            "given_key",
            timeline.models.fields.CollatedKey(default="", editable=False, max_length=700),
        ),
        migrations.AddField("timelineentry", "first_year", models.SmallIntegerField(null=True)),
        migrations.AddField("timelineentry", "last_year", models.SmallIntegerField(null=True)),
        migrations.AddField(
            "timelineentry",
            "sources_differ",
            models.BooleanField(default=False),
            preserve_default=False,
        ),
        migrations.AddField(
            "timelineentry",
            "search_title",
            models.TextField(default=""),
            preserve_default=False,
        ),
        migrations.RunPython(fill_entries, migrations.RunPython.noop),
        migrations.RunPython(fill_people, migrations.RunPython.noop),
        migrations.AddIndex(
            "person",
            models.Index(fields=["sort_key", "slug"], name="person_by_family_name"),
        ),
        migrations.AddIndex(
            "person",
            models.Index(fields=["given_key", "slug"], name="person_by_given_name"),
        ),
    ]
