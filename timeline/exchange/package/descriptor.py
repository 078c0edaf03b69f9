"""datapackage.json: what each file and each column is, for programs (Frictionless Data Package 2).

Texts are English; beside each stands the same in Vietnamese, under its name with `_vi`.
"""

import hashlib
import json

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from timeline.exchange.package.tables import TABLES

PROFILES = "https://datapackage.org/profiles/2.0"
TITLE = _("Timeline of diplomacy")
ABOUT = _(
    "Trips, meetings and agreements of high-level diplomacy, who took part, and the source behind "
    "every statement: all that is public, as tables."
)
FORM = _(
    "Every file begins with a byte order mark. A truth value is 1 or 0, a moment is in UTC, and an "
    "empty cell says that nothing is known, or nothing that is public."
)
GUARDED = _(
    "A cell that begins with = + - @ or ', with a full-width form of these signs, or with a tab or "
    "line break carries an additional ' in front, so that no spreadsheet runs it as a formula. "
    "Take that one away to have the text back."
)
DIALECT = {
    "$schema": f"{PROFILES}/tabledialect.json",
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
}
FILE_OF = {table.model: table for table in TABLES}


def both(name, *texts):
    """{`name`: `texts` in English, `name`_vi: in Vietnamese}."""
    words = {}
    for language, suffix in (("en", ""), ("vi", "_vi")):
        with override(language):
            words[f"{name}{suffix}"] = " ".join(str(text) for text in texts)
    return words


def package(resources, changed_at):
    """The whole descriptor. The digest in its version is of all it says, the files' included."""
    content = {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "timeline-of-diplomacy",
        **both("title", TITLE),
        **both("description", ABOUT, FORM, GUARDED),
        **({"created": changed_at.isoformat()} if changed_at else {}),
        **({"licenses": licences()} if settings.DATA_LICENSE else {}),
        "resources": resources,
    }
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return content | {"version": f"{version(changed_at)}+{digest[:16]}"}


def licences():
    return [{"name": name} for name in settings.DATA_LICENSE]


def version(changed_at):
    """The day of the last change as the numbers of a version (Semantic Versioning): 2026.11.21."""
    return f"{changed_at.year}.{changed_at.month}.{changed_at.day}" if changed_at else "0.0.0"


def resource(table, size, digest):
    """What is said of one file: `size` in bytes, `digest` is its SHA-256."""
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        **both("title", table.title),
        **both("description", table.definition),
        "dialect": DIALECT,
        "schema": schema(table),
    }


def schema(table):
    keys = [column for column in table.columns if column.refers_to]
    return {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": [table.key],
        **({"foreignKeys": [foreign_key(table, column) for column in keys]} if keys else {}),
    }


def field(column):
    truth = {"trueValues": ["1"], "falseValues": ["0"]} if column.type == "boolean" else {}
    return {
        "name": column.name,
        "type": column.type,
        "format": column.format,
        **both("title", column.title),
        **both("description", column.definition),
        **truth,
        "constraints": column.constraints,
    }


def foreign_key(table, column):
    """Where the keys of `column` lead; a table of which the rows name each other names itself."""
    target = FILE_OF[column.refers_to]
    where = {"resource": target.name} if target is not table else {}
    return {"fields": [column.name], "reference": {**where, "fields": [target.key]}}
