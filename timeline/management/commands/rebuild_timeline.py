from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from timeline import projection
from timeline.models import TimelineEntry
from timeline.writers import wait_for_turn


class Command(BaseCommand):
    help = "Make the public timeline anew from the published records, or compare it with them."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; print each difference and exit with 1 when there is one",
        )

    @transaction.atomic
    def handle(self, *args, check, **options):
        wait_for_turn()
        if not check:
            projection.rebuild()
            self.stdout.write(f"The timeline has {TimelineEntry.objects.count()} entries.")
            return
        found = 0
        for kind, slug, sentence in projection.differences():
            found += 1
            self.stdout.write(f"{kind} {slug}: {sentence}")
        if found:
            raise CommandError(
                f"{found} entries differ. `manage.py rebuild_timeline` puts them right.",
                returncode=1,
            )
        self.stdout.write("The timeline is what a rebuild would make.")
