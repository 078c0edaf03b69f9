"""Files of the exchange, as a test makes them, sends them and reads them."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from tests import desk

CSV, XLSX = "0", "1"  # as the forms number them


def as_csv(*rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_xlsx(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def upload(client, model, data, file_format=CSV, name="to-lam.csv", **fields):
    fields |= {"format": file_format, "import_file": SimpleUploadedFile(name, data)}
    return client.post(desk.page(model, "import"), fields)


def confirmation(preview):
    """What the button of the preview sends."""
    form = preview.context["confirm_form"]
    return {field.html_name: field.value() or "" for field in form}


def store(client, model, *rows, **options):
    """Upload and confirm; return the answer to the confirmation."""
    preview = upload(client, model, as_csv(*rows), **options)
    assert "confirm_form" in preview.context, refusals(preview)
    return client.post(desk.page(model, "process_import"), confirmation(preview))


def refusals(answer):
    """The sentences of a refused file."""
    found = [sentence for errors in answer.context["form"].errors.values() for sentence in errors]
    if report := answer.context.get("report"):
        found += report.sentences
        for row in report.rows["refused"]:
            found += [f"{row.number} {column}: {why}" for column, why in row.refusals]
    return found


def counts(answer):
    """How many rows a preview calls new, changed, unchanged and refused."""
    found = answer.context["report"].counts
    return tuple(found[outcome] for outcome in ("new", "changed", "unchanged", "refused"))


def export(client, model, file_format=CSV, **query):
    answer = client.post(desk.page(model, "export"), {"format": file_format, **query})
    assert answer.status_code == 200
    return answer.getvalue()


def read_csv(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
