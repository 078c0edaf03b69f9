import hashlib
import os
import sys
from pathlib import Path

from django.core.management.base import CommandError

from timeline.exchange.columns import COLUMNS
from timeline.exchange.intake import Intake, take_in
from timeline.exchange.reading import UnreadableFile, read
from timeline.exchange.report import CHANGED, NEW, REFUSED, UNCHANGED
from timeline.management.acting import ActingCommand

MODELS = {model._meta.model_name: model for model in COLUMNS}
MAX_TOLD = 50  # refused rows


class Command(ActingCommand):
    help = (
        "Import a CSV or XLSX file by the rules of the admin: all of its rows or none. Prints what "
        "became of them, and exits with 1 when a row is refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--model", required=True, choices=MODELS, help="whose rows they are")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be stored")
        super().add_arguments(parser)

    def handle(self, *args, file, model, user, dry_run, note, minor, **options):
        person, correction = self.person(user), self.correction(note, minor)
        name = os.fsencode(file.name).decode(errors="replace")  # the name of a file is any bytes
        try:
            with file.open("rb") as source:
                digest = hashlib.file_digest(source, "sha256").hexdigest()
                source.seek(0)
                with read(source) as table:
                    report, run = take_in(
                        Intake(
                            MODELS[model],
                            person,
                            f"import: {name}",
                            correction=correction,
                        ),
                        table,
                        commit=not dry_run,
                        progress=self.bar(len(table)),
                        file_name=name,
                        file_hash=digest,
                    )
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        self.tell(report, run)

    def bar(self, total):
        """A function that shows how many rows are done, where somebody looks at it."""
        if not sys.stderr.isatty():
            return None

        def show(done):
            filled = 40 * done // total
            self.stderr.write(
                f"\r[{'#' * filled}{'.' * (40 - filled)}] {done:,} / {total:,}", ending=""
            )
            if done == total:
                self.stderr.write("")

        return show

    def tell(self, report, run):
        for row in report.rows[REFUSED][:MAX_TOLD]:
            for column, sentence in row.refusals:
                place = f", {column}" if column else ""
                self.stderr.write(f"Row {row.number} ({row.key}){place}: {sentence}")
        for sentence in report.sentences:
            self.stderr.write(sentence)
        if report.missing:
            self.stdout.write(f"Not in the file, so left as they are: {', '.join(report.missing)}.")
        if report.shown:
            self.stdout.write(f"Only to be read, not imported: {', '.join(report.shown)}.")
        if report.cleared:
            self.stdout.write(f"Values cleared: {report.cleared}.")
        sums = ", ".join(
            f"{report.counts[outcome]} {outcome}" for outcome in (NEW, CHANGED, UNCHANGED, REFUSED)
        )
        if not report.is_clean:
            raise CommandError(f"Nothing was stored: {sums}.")
        if report.is_empty:
            self.stdout.write(f"Nothing was stored, as nothing differs: {sums}.")
        elif run is None:
            self.stdout.write(f"Nothing was stored, as you asked: {sums}.")
        else:
            self.stdout.write(f"Stored as change {run.pk}: {sums}.")
