from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from timeline import projection, publication
from timeline.models import EDITED_MODELS
from timeline.projection import RECORDS


class Command(BaseCommand):
    help = "Run every data rule on every row; exit with 1 and a line for each row that breaks one."

    def handle(self, *args, **options):
        found = 0
        for label, key, message in self.problems():
            found += 1
            self.stdout.write(f"{label} {key}: {message}")
        if found:
            raise CommandError(f"{found} problems.", returncode=1)
        self.stdout.write("Every row keeps every rule.")

    def problems(self):
        for model in EDITED_MODELS:
            for row in model.objects.order_by("pk").iterator(chunk_size=500):
                try:
                    row.full_clean()
                except ValidationError as error:
                    for field, messages in error.message_dict.items():
                        yield (
                            model._meta.model_name,
                            row.natural_key()[0],
                            f"{field}: {' '.join(messages)}",
                        )
        for kind, model in RECORDS.items():
            for record in model.objects.published():
                for sentence in publication.missing(record):
                    yield kind, record.slug, sentence
        yield from projection.differences()
