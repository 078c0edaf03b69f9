"""Let somebody in again who is locked out, or has lost the telephone with the second factor."""

from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from timeline import second_factor


class Command(BaseCommand):
    help = "Ends the lock-outs of a user; with --new-device also takes the second factor away."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument(
            "--new-device",
            action="store_true",
            help="take the device and the recovery codes away, and end the sessions",
        )

    def handle(self, username, new_device, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user {username}.")
        AccessAttempt.objects.filter(username=username).delete()
        if new_device:
            second_factor.remove(user)
        self.stdout.write(f"{username} may try again.")
