"""A file that somebody uploaded to import it: theirs alone, kept for an hour, used once."""

import hashlib
import json
import re
import secrets
from contextlib import contextmanager
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from timeline.models import ChangeSet

MAX_AGE = timedelta(hours=1)
FOLDER = "imports"  # in private storage
TOKEN = re.compile(r"\A[0-9a-f]{32}\Z")  # no one guesses it, and it names files


class Upload:
    """An uploaded file, what the preview told of its rows, and how far a run has come."""

    def __init__(self, token, facts):
        self.token, self.facts = token, facts

    @classmethod
    def keep(cls, owner, file, token=""):
        """Store `file` for `owner`, a dict of what whoever comes back has to be equal in.

        The browser may have proposed a `token`, to ask by it how far the preview is; one that is
        or was another upload's it cannot have.
        """
        sweep()
        if not is_token(token) or is_taken(token):
            token = new_token()
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        facts = {"owner": owner, "name": file.name, "hash": digest}
        file.seek(0)
        default_storage.save(place(token, "file"), file)
        upload = cls(token, facts)
        upload._put("facts", json.dumps(facts))
        return upload

    @classmethod
    def of(cls, owner, token):
        """The upload `token` of `owner`; None when it is another's, too old, used or none."""
        if not is_token(token):
            return None
        try:
            with default_storage.open(place(token, "facts")) as kept:
                facts = json.load(kept)
            age = timezone.now() - default_storage.get_modified_time(place(token, "facts"))
        except (FileNotFoundError, ValueError):  # gone, or cut short when it was written
            return None
        return cls(token, facts) if facts["owner"] == owner and age < MAX_AGE else None

    @property
    def name(self):
        return self.facts["name"]

    @property
    def hash(self):
        """SHA-256 of the file."""
        return self.facts["hash"]

    def open(self):
        return default_storage.open(place(self.token, "file"))

    @contextmanager
    def telling(self):
        """Yield the function that the preview calls with each `Row`, one line of a file each."""
        with default_storage.open(place(self.token, "rows"), "w") as rows:
            yield lambda row: rows.write(f"{json.dumps(row.told())}\n")

    def told(self):
        """Iterate over what the preview told of each row; FileNotFoundError when that is gone."""
        kept = default_storage.open(place(self.token, "rows"), "r")

        def rows():
            with kept:
                yield from map(json.loads, kept)

        return rows()

    def note_progress(self, done, total):
        self._put("progress", json.dumps({"done": done, "total": total}))

    def progress(self):
        """How many rows are done and how many there are, as JSON."""
        try:
            with default_storage.open(place(self.token, "progress"), "r") as kept:
                return json.loads(kept.read() or "{}")
        except FileNotFoundError:
            return {}

    def drop(self, *parts):
        """Delete `parts` of it: the `file`, what was told of its `rows`, or all."""
        for part in parts or ("file", "rows", "progress", "facts"):
            default_storage.delete(place(self.token, part))

    def _put(self, part, text):
        with default_storage.open(place(self.token, part), "w") as kept:
            kept.write(text)


def new_token():
    return secrets.token_hex(16)


def is_token(text):
    return bool(TOKEN.match(text))


def is_taken(token):
    """Whether `token` waits for its confirmation, or was confirmed."""
    waits = default_storage.exists(place(token, "file"))
    return waits or ChangeSet.objects.filter(upload=token).exists()


def place(token, part):
    return f"{FOLDER}/{token}.{part}"


def sweep():
    """Delete the uploads that are older than an hour."""
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        try:
            if default_storage.get_modified_time(path) < timezone.now() - MAX_AGE:
                default_storage.delete(path)
        except FileNotFoundError:
            continue  # another sweep was quicker
