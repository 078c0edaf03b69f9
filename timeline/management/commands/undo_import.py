from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from timeline import going_back
from timeline.management.acting import ActingCommand
from timeline.models import ChangeSet
from timeline.models.changeset import ChangeKind
from timeline.turn import own_turn


class Command(ActingCommand):
    help = (
        "Undo an import of any length as the admin does: its rows become what they were before, "
        "all of them, or none when somebody has changed one since."
    )

    def add_arguments(self, parser):
        parser.add_argument("change", type=int, help="the number that import_records told")
        super().add_arguments(parser)

    def handle(self, *args, change, user, note, minor, **options):
        person, correction = self.person(user), self.correction(note, minor)
        act = ChangeSet.objects.filter(pk=change, kind=ChangeKind.IMPORT).first()
        if act is None:
            raise CommandError(f"There is no import {change}.")
        title = f"undo: {act}"
        try:
            with own_turn(ChangeKind.RESTORATION, person, note=title):
                plan = going_back.undone(act, most=None)
                if plan.is_empty and not plan.obstacles(person):
                    raise CommandError("There is nothing to write: it is so already.")
                plan.carry_out(person, title, **correction)
        except ValidationError as error:
            raise CommandError("\n".join(["Nothing was stored.", *error.messages])) from error
        self.stdout.write(f"Undone: {len(plan.wanted)} rows.")
