"""A file taken in without a browser: what the tests of the import share."""

from timeline.exchange.intake import Intake, take_in

VOLATILE = {"id", "created_at", "updated_at"}


class Table:
    """A file as `reading.read` gives it."""

    def __init__(self, headers, *rows):
        self.headers, self.rows = headers, rows

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        yield from enumerate(map(list, self.rows), start=2)


def imported(user, model, headers, *rows, commit=True, **options):
    return take_in(Intake(model, user, "file", **options), Table(headers, *rows), commit=commit)


def values(queryset, *without):
    left_out = VOLATILE | set(without)
    return [
        {name: value for name, value in row.items() if name not in left_out}
        for row in queryset.values()
    ]


def undo(client, run, **note):
    address = f"/admin/timeline/changeset/{run.pk}/undo/"
    page = client.get(address)
    sent = {"mark": page.context["mark"]}
    answer = client.post(address, sent | {"is_minor": "" if note else "on"} | note)
    assert answer.status_code == 302, answer.context_data["obstacles"]
    return answer
