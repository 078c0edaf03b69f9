"""What a test reads out of an answer of the public pages."""

import csv
import io
from zipfile import ZipFile


def slugs(answer):
    """The slugs that a timeline page shows, in the order in which it shows them."""
    by_date = [
        item
        for year in answer.context["years"]
        for month in year["months"]
        for item in month["items"]
    ]
    items = by_date or answer.context.get("best", [])
    entries = (entry for item in items for entry in (item["entry"], *item["parts"]))
    return [entry.slug for entry in entries if entry]  # parts may stand without their trip


def rows(answer):
    """The rows of a CSV answer as dictionaries."""
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


def listed(client, path, query):
    """The slugs that `path`, a timeline or a timeline.csv, lists for `query`; [] when refused."""
    answer = client.get(path, query)
    if path.endswith(".csv"):
        return [row["slug"] for row in rows(answer)] if answer.status_code == 200 else []
    return slugs(answer)


def unpacked(answer):
    """The texts of an answer: {name: text} of an archive, {"": text} of anything else."""
    content = answer.getvalue()
    if answer["Content-Type"] != "application/zip":
        return {"": content.decode()}
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}
