"""The warnings that the material justifies: one table, in the codebook, for readers and for us."""

import re

from django.conf import settings

CODEBOOK = settings.BASE_DIR / "fixtures" / "README.md"
HEADING = "Warnings that the material justifies"
ROW = re.compile(r"^\| `([a-z-]+)` \| (.+?) \| (.+?) \|$", re.M)


def read(text=None):
    """The justified warnings as {(rule, model, key): reason}; `text` is that of the codebook.

    A row of the table reads ``| `rule` | `model key`, `model key` | the reason |``.
    """
    text = CODEBOOK.read_text(encoding="utf-8") if text is None else text
    section = re.search(rf"^## {HEADING}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    return {
        (rule, *row.split(" ", 1)): reason
        for rule, rows, reason in ROW.findall(section[1] if section else "")
        for row in re.findall(r"`([^`]+)`", rows)
    }


def is_justified(finding, table):
    return (finding.rule, finding.model, finding.key) in table
