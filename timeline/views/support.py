"""What a record rests on, counted: nothing is judged that the citations do not say themselves."""

from dataclasses import dataclass
from functools import cached_property

from timeline.models.codes import Stance

TELLING = (Stance.REPORTS, Stance.CONFIRMS)


@dataclass(frozen=True)
class Support:
    """The public citations of one record, as numbers and as the questions a reader has."""

    citations: list

    @cached_property
    def sources(self):
        """How many documents are cited."""
        return len({citation.source.slug for citation in self.citations})

    @cached_property
    def independent(self):
        """How many that do not say otherwise come from different hands; `PublicSource.origin`."""
        return len({c.source.origin for c in self.citations if not c.contradicts})

    @cached_property
    def is_closed(self):
        """Whether none of them can be read by the public."""
        return not any(citation.source.is_open for citation in self.citations)

    @cached_property
    def announcing(self):
        """How many documents announce it."""
        return self._sources(Stance.ANNOUNCES)

    @cached_property
    def telling(self):
        """How many documents report or confirm it."""
        return self._sources(*TELLING)

    @cached_property
    def contradicting(self):
        """The citations that say otherwise."""
        return [citation for citation in self.citations if citation.contradicts]

    def _sources(self, *stances):
        return len({c.source.slug for c in self.citations if c.stance in stances})
