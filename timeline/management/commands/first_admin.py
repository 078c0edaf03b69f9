"""Create the first account, so that a new installation can be entered."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Creates the account admin with a random password, unless there is any account already."

    def handle(self, **options):
        users = get_user_model().objects
        if users.exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser("admin", password=password)
        self.stdout.write(
            f"Sign in at /admin/ as admin with the password {password} (shown only this once)."
        )
