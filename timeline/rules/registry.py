"""What a rule is: a name, a severity, a definition and a function that finds what breaks it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One row that breaks one rule; `key` is its slug, or the code of a country."""

    rule: str
    severity: str
    model: str
    key: str
    message: str

    def __str__(self):
        return f"{self.model} {self.key}: {self.message}"


@dataclass(frozen=True)
class Rule:
    """`find` yields (row, sentence), or (model, key, sentence) when it does not have the row."""

    name: str
    severity: str
    definition: str
    find: Callable[[], Iterator[tuple]]

    def findings(self):
        """Yield a Finding for each row that breaks this rule, in an order that stays the same."""
        for *about, message in self.find():
            model, key = about if len(about) == 2 else named(*about)
            yield Finding(self.name, self.severity, model, key, message)


def named(row):
    """The (model, key) by which a finding names `row`."""
    return row._meta.model_name, row.natural_key()[0]


def rule(name, severity, definition):
    """Make a Rule of the function below this decorator."""
    return lambda find: Rule(name, severity, definition, find)
