"""The work lists on the admin's first page: what waits for whoever is looking.

Each list asks a fixed number of questions with a bound, whatever the size of the tables, and is
shown to those alone whose rights make it theirs.
"""

from timeline.admin.worklists import checks, recent, records, works


def sections(user):
    """The lists of `user`, those with something in them and the empty ones, most pressing first."""
    return [
        *records.sections(user, works.PRESSING),
        *checks.capacities(user),
        *checks.broken_links(user),
        *records.sections(user, works.PATIENT),
        *recent.by_others(user),
    ]
