"""What commands share that act in the name of a person, and tell the public what they change."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from timeline.admin.forms import PublicNote


class ActingCommand(BaseCommand):
    """A command with `--user`, `--note` and `--minor`."""

    def add_arguments(self, parser):
        parser.add_argument(
            "--user", required=True, metavar="NAME", help="in whose name, and with whose rights"
        )
        parser.add_argument(
            "--note", default="", help="what the public is told of the records it reads (English)"
        )
        parser.add_argument(
            "--minor", action="store_true", help="the public need not be told of this change"
        )

    def person(self, name):
        """The active user of this name."""
        person = get_user_model().objects.filter(username=name, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active user “{name}”; first_admin makes one.")
        return person

    def correction(self, note, minor):
        """What `timeline.corrections.tell` is to store, by the rules of the form."""
        told = PublicNote({"correction_en": note, "is_minor": minor})
        if not told.is_valid():
            raise CommandError(f"The note: {' '.join(told.errors['correction_en'])}")
        return told.correction()
