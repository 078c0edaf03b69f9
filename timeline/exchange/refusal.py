"""What is said of a file that cannot be read for certain, and how much a file may hold."""

from django.utils.translation import gettext as _

MAX_COLUMNS = 100
MAX_CELL = 100_000  # characters; a text of a record has 10,000 at most


class UnreadableFile(ValueError):
    """The file is not what it says, or too much; the message is a sentence that says what to do."""


class UnreadableCell(Exception):
    """The cell of a row (from 1) at a place (from 0), and what is wrong with it."""

    def __init__(self, row, place, reason):
        super().__init__(reason)
        self.row, self.place, self.reason = row, place, reason

    def as_sentence(self, headers):
        """The refusal of the file; the column is called by its heading where there is one."""
        known = self.place < len(headers)  # not so in the row of the headings itself
        column = f"“{headers[self.place][:60]}”" if known else letters_of(self.place)
        return UnreadableFile(
            _("Row %(row)s, column %(column)s: %(reason)s")
            % {"row": self.row, "column": column, "reason": self.reason}
        )


def letters_of(place):
    """The letters that a spreadsheet shows above the column at `place`: A, B, ..., Z, AA."""
    letters, place = "", place + 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def neither():
    return UnreadableFile(
        _(
            "This is neither a CSV file in UTF-8 nor an XLSX workbook. Save the table as one of "
            "the two: in Excel they are called “CSV UTF-8” and “Excel Workbook”."
        )
    )


def too_much():
    return UnreadableFile(
        _("The workbook unpacks to far more than a table of records. Save the table as CSV.")
    )


def too_many_rows(limit):
    return UnreadableFile(_("The file has more than %(limit)s rows. Split it.") % {"limit": limit})


def too_many_columns():
    return UnreadableFile(_("The file has more than %(limit)s columns.") % {"limit": MAX_COLUMNS})


def too_long(row, place):
    return UnreadableCell(
        row, place, _("the cell has more than %(limit)s characters.") % {"limit": MAX_CELL}
    )
