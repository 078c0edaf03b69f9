from collections import Counter

from django.conf import settings
from django.core import serializers
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.base import DeserializationError
from django.db.models import Exists, OuterRef

from timeline import changes, projection, publication
from timeline.models import RECORDS, Citation, Country
from timeline.models.changeset import ChangeKind


def fixture_files():
    """The fixture files in the order in which they load, which is that of their names."""
    return sorted((settings.BASE_DIR / "fixtures").glob("*.json"))


class Command(BaseCommand):
    help = (
        "Load all fixtures in order: all of them or none. Repeatable; rows that somebody edited "
        "or deleted since they were loaded stay as they are."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--overwrite", action="store_true", help="set edited rows back to the fixtures"
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when the database has countries"
        )

    def handle(self, *args, overwrite, if_empty, **options):
        if if_empty and Country.objects.exists():
            return
        outcomes = Counter()
        with projection.batch(), changes.made(ChangeKind.COMMAND, note="seed"):
            for path in fixture_files():
                outcomes += self.load(path, keep_edits=not overwrite)
            self.refuse_unpublishable()
        self.stdout.write(
            "Seeded: "
            + ", ".join(
                f"{outcomes[outcome]} {outcome}"
                for outcome in ("created", "updated", "unchanged", "kept")
            )
            + "."
        )

    def refuse_unpublishable(self):
        """A fixture brings the state of a record along; what publishing takes, it has to have."""
        for model in RECORDS.values():
            cited = Citation.objects.public().filter(**{model._meta.model_name: OuterRef("pk")})
            for record in model.objects.published().filter(~Exists(cited)):
                raise CommandError(
                    f"{record._meta.label_lower} {record.slug}: "
                    f"{' '.join(publication.missing(record))} Nothing was loaded."
                )

    def load(self, path, keep_edits):
        outcomes = Counter()
        try:
            with path.open(encoding="utf-8") as stream:
                for row in serializers.deserialize("json", stream, keep_edits=keep_edits):
                    row.save()
                    outcomes[row.outcome] += 1
        except DeserializationError as error:
            raise CommandError(f"{path.name}: {error} Nothing was loaded.") from error
        return outcomes
