import os
import sys
from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from timeline.exchange.columns import COLUMNS
from timeline.exchange.leaving import Leaving
from timeline.exchange.writing import FORMATS, UnwritableText
from timeline.snapshot import within_snapshot

MODELS = {model._meta.model_name: model for model in COLUMNS}
KNOWN = {known.extension: known for known in FORMATS}
STANDARD_OUTPUT = Path("-")


class Command(BaseCommand):
    help = (
        "Export all rows of a table, unpublished ones too, as the admin does: CSV or XLSX. The "
        "file is there as a whole or not at all."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            type=Path,
            nargs="?",
            default=STANDARD_OUTPUT,
            metavar="FILE",
            help="where to; without one, or with -, to standard output",
        )
        parser.add_argument("--model", required=True, choices=MODELS, help="whose rows")
        parser.add_argument(
            "--format", choices=KNOWN, help="otherwise what the name of FILE ends in, or csv"
        )
        parser.add_argument("--user", metavar="NAME", help="only what this user may view")

    def handle(self, *args, file, model, format, user, **options):
        known = KNOWN.get(format or file.suffix.lstrip(".").lower() or "csv")
        if known is None:
            raise CommandError(f"Say --format csv or --format xlsx: {file.name} tells neither.")
        leaving = Leaving(MODELS[model].objects.all(), user and self.viewer(user, model))
        try:
            with whole(file) as out:
                out.writelines(within_snapshot(known.pieces(leaving)))
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error}") from error
        except UnwritableText as error:
            raise CommandError(str(error)) from error
        if file != STANDARD_OUTPUT:
            self.stdout.write(f"Exported {leaving.left} rows to {file}.")

    def viewer(self, name, model):
        person = get_user_model().objects.filter(username=name, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active user “{name}”.")
        if not person.has_perm(f"timeline.view_{model}"):
            raise CommandError(f"“{name}” may not view these rows.")
        return person


@contextmanager
def whole(path):
    """A binary file to write, which takes the name `path` once all of it is written."""
    if path == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = path.resolve()  # a link stays one
    if path.exists() and not path.is_file():  # a device, or a pipe
        with path.open("wb") as out:
            yield out
        return
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
