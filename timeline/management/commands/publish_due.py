import os
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

from timeline import publication
from timeline.admin import upload

NAP = 1.0  # seconds after which it looks again whether its parent is still there


class Command(BaseCommand):
    help = (
        "Bring in the records whose embargo has ended, with a line for each, and exit with 1 when "
        "one of them cannot come in. Deletes uploads that nobody confirmed for an hour. Meant for "
        "every minute; two at the same time do no harm."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--every",
            type=seconds,
            metavar="SECONDS",
            help="do it now and at every full minute (60) of the clock, for as long as the process "
            "that started this one is there",
        )
        parser.add_argument(
            "--parent",
            type=int,
            default=os.getppid(),
            metavar="PID",
            help="that process, for a start so quick that it may be gone already",
        )

    def handle(self, *args, every, parent, **options):
        if every is None:
            upload.sweep()
            published, refused = publication.publish_due()
            self.tell(lines(published, refused))
            if refused:
                raise CommandError(f"Records that could not be published: {len(refused)}.")
            return
        told = set()
        for _moment in ticks(every, parent):
            news = this_time()
            self.tell(line for line in news if line not in told)
            told = set(news)  # what stays as it is need not be told each minute

    def tell(self, news):
        for line in news:
            self.stdout.write(line)
        self.stdout.flush()


def seconds(text):
    number = int(text)
    if not 1 <= number <= 3600:
        raise ValueError
    return number


def ticks(every, parent):
    """Yield now and whenever `every` seconds of the clock are full, until `parent` has gone.

    It looks at the clock each time anew: one that is set back or forth moves the next one only.
    """
    last = None
    while os.getppid() == parent:
        period, passed = divmod(time.time(), every)
        if period != last:
            last = period
            yield period
        else:
            time.sleep(min(every - passed, NAP))


def this_time():
    """The lines of one run of many, which a database that is away for a moment does not end."""
    try:
        upload.sweep()
        return lines(*publication.publish_due())
    except Error as error:
        reason = str(error).strip().partition("\n")[0]
        return [f"The database does not answer; it is asked again next time: {reason}"]
    finally:
        close_old_connections()


def lines(published, refused):
    return [
        *(f"published {name(record)}" for record in published),
        *(f"not published {name(record)}: {' '.join(why)}" for record, why in refused),
    ]


def name(record):
    return f"{record.kind_of_record} {record.slug}"
