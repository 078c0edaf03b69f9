"""Import and export beside those of django-import-export as shipped, as ratios of one run.

    python -m benchmarks.exchange [--rows 100000] [--stock-rows 2000] [--postgres]

One file of meetings goes into two equal scratch databases: through the library's own
`ModelResource` (`save()` for each row, history by its signals), and through `import_records`. The
library gets the first `--stock-rows` rows of the file, with the rest of the table filled before,
since all of them would take it hours; 0 gives it the whole file into the empty table. Both write
the same rows and the same history, which is compared. Then both databases' meetings go out again.
"""

import argparse
import csv
import os
import resource
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = (
    *("slug", "title_vi", "title_en", "summary_vi", "summary_en", "date_edtf", "date_basis"),
    *("kind", "mode", "status", "country", "place_vi", "place_en"),
)
COMPARED = (*COLUMNS[:-3], "country_id", *COLUMNS[-2:], "earliest", "latest", "search", "version")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--stock-rows", type=int, default=2_000)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/db.sqlite3"
        if options.postgres:
            from tests import postgres_server

            os.environ["DATABASE_URL"] = stack.enter_context(postgres_server.running())
        set_up()
        file = folder / "meetings.csv"
        write_file(file, options.rows)
        compare(file, options.rows, options.stock_rows or options.rows)


def set_up():
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ.setdefault(
        "SECRET_KEY", "this key signs nothing outside of the benchmark 0123456789"
    )
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from timeline.models import Country

    call_command("migrate", verbosity=0)
    Country.objects.create(code="US", iso3="USA", name_vi="Hoa Kỳ", name_en="United States")
    get_user_model().objects.create_superuser("ada")


def write_file(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for number in range(rows):
            day = f"20{number % 26:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
            writer.writerow(
                [
                    *(f"meeting-{number}", f"Tô Lâm gặp đoàn {number}", f"To Lam meets {number}"),
                    f"Hai bên trao đổi về quan hệ song phương, lần thứ {number}.",
                    f"Both sides discussed their relations, for the {number}th time.",
                    *(day, "stated", "talks", "in_person", "held", "US", "Niu Y-oóc", "New York"),
                ]
            )


def compare(file, rows, stock_rows):
    from timeline.models import Meeting

    taken = stock_import(file, stock_rows) if stock_rows == rows else None
    written = compared(Meeting) if taken else None
    empty(Meeting)
    ours = our_import(file)
    ours_written = compared(Meeting, stock_rows)
    if taken is None:
        remove(Meeting, stock_rows)
        taken = stock_import(file, stock_rows)
        written = compared(Meeting, stock_rows)
    if ours_written != written:
        raise SystemExit("The two imports did not write the same.")
    report("import", rows, ours, stock_rows, taken)
    report("export", rows, our_export(file), rows, stock_export())


def report(name, rows, ours, stock_rows, stock):
    print(
        f"{name}: ours {rows / ours:>9,.0f} rows/s ({rows:,} rows in {ours:.1f} s), as shipped "
        f"{stock_rows / stock:>7,.0f} rows/s ({stock_rows:,} rows in {stock:.1f} s), "
        f"ratio {rows / ours / (stock_rows / stock):.1f}"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"  peak memory of the process until here: {peak} MB")


def our_import(file):
    from django.core.management import call_command

    start = time.perf_counter()
    call_command("import_records", str(file), model="meeting", user="ada")
    return time.perf_counter() - start


def our_export(file):
    from django.core.management import call_command

    start = time.perf_counter()
    call_command("export_records", str(file.with_name("out.csv")), model="meeting")
    return time.perf_counter() - start


def stock_resource():
    from import_export.fields import Field
    from import_export.resources import ModelResource
    from import_export.widgets import ForeignKeyWidget

    from timeline.models import Country, Meeting

    class Stock(ModelResource):
        country = Field("country", "country", ForeignKeyWidget(Country, "code"))

        class Meta:
            model = Meeting
            fields = COLUMNS
            import_id_fields = ("slug",)

    return Stock()


def stock_import(file, rows):
    import tablib

    start = time.perf_counter()
    with file.open(encoding="utf-8-sig", newline="") as source:
        lines = csv.reader(source)
        data = tablib.Dataset(headers=next(lines))
        for _number, line in zip(range(rows), lines, strict=False):
            data.append(line)
    stock_resource().import_data(data, raise_errors=True, use_transactions=True)
    return time.perf_counter() - start


def stock_export():
    start = time.perf_counter()
    assert stock_resource().export().csv
    return time.perf_counter() - start


def compared(model, rows=None):
    """What was written of the first `rows` rows of the file, and how much history."""
    slugs = [f"meeting-{number}" for number in range(rows)] if rows else None
    found, told = model.objects.order_by("slug"), model.history.all()
    if slugs:
        keep = set(slugs)
        values = [row for row in found.values_list(*COMPARED) if row[0] in keep]
        return values, sum(slug in keep for slug in told.values_list("slug", flat=True))
    return list(found.values_list(*COMPARED)), told.count()


def empty(model):
    from django.db import models

    for each in (model, model.history.model):
        found = models.QuerySet(each).all()
        found._raw_delete(found.db)


def remove(model, rows):
    """Take the first `rows` rows of the file away again, as if they had never been."""
    from django.db import models

    slugs = [f"meeting-{number}" for number in range(rows)]
    for each in (model, model.history.model):
        for start in range(0, rows, 500):
            found = models.QuerySet(each).filter(slug__in=slugs[start : start + 500])
            found._raw_delete(found.db)


if __name__ == "__main__":
    main()
