"""What a work list is when it is shown."""

from dataclasses import dataclass, field

SHOWN = 10  # rows of a list
MANY = 100  # rows are counted no further


@dataclass
class Item:
    """One row: links as (label, address or None for what is gone), and what there is to know.

    `page` is the address of a page that says more of that, if there is one.
    """

    links: list
    about: str = ""
    page: str = ""


@dataclass
class More:
    """The way to the whole list of one kind of row; `number` is None when nobody counted."""

    label: str
    address: str
    number: int | None = None

    @property
    def many(self):
        """The number behind which nobody counted, when there are more."""
        return MANY if self.number is not None and self.number > MANY else None


@dataclass
class Section:
    """One list: its first rows, the ways to all of them, and an alarm when something is wrong."""

    name: str
    title: str
    hint: str
    items: list
    more: list = field(default_factory=list)
    alarm: str = ""


def may(user, right, model):
    return user.has_perm(f"timeline.{right}_{model._meta.model_name}")


def sees(user, model):
    """Whether `user` may open the pages of `model`."""
    return may(user, "view", model) or may(user, "change", model)
