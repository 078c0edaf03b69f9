"""The stays of a trip: one leg and one leader each, and what public records know of it.

Only what is known is found. That nothing is found does not say that there was nothing: a record
that is disputed, that was announced, that took place over a line or whose place is not recorded
tells nothing here.
"""

from dataclasses import dataclass
from functools import cached_property

from timeline.exchange.colt import certain
from timeline.exchange.colt.heads import leads_its_country
from timeline.models import Participation, Trip, TripLeg
from timeline.models.codes import (
    MeetingKind,
    Mode,
    OrganizationKind,
    Role,
    Stage,
    Status,
    Verification,
    VisitKind,
)

# Who is recorded like this was there; an inviter, a sender or the subject of a speech need not be.
PRESENT = {
    *(Role.HEAD, Role.MEMBER, Role.PARTICIPANT, Role.HOST, Role.CHAIR, Role.SPEAKER),
    *(Role.WITNESS, Role.SIGNATORY, Role.OBSERVER),
}
CONVENING = {Role.HOST, Role.ORGANISER, Role.CHAIR, Role.SUBJECT}
FACE_TO_FACE = {MeetingKind.MEETING, MeetingKind.TALKS, MeetingKind.COURTESY_CALL}
SEVERAL = 3  # countries make a session multilateral


@dataclass(frozen=True)
class Stay:
    """A leg (None for a trip without any) and a leader (None for a trip without any).

    `key` is the slug of the trip, the number of the leg and, of several leaders, that of this one:
    not a slug of theirs, which could tell that something hidden has the plain one. The trip is one
    of `public.trips_in_full`.
    """

    key: str
    trip: Trip
    leg: TripLeg | None
    leader: Participation | None

    @cached_property
    def date_of_trip(self):
        return self.trip.date

    @cached_property
    def date_of_leg(self):
        return self.leg and self.leg.date

    @property
    def date(self):
        """When it was: the date of the leg, or that of the trip when there is no other leg."""
        return self.date_of_leg or (self.date_of_trip if self.is_whole_trip else None)

    @property
    def year(self):
        """The year in which it began: a leg without a date lies within its trip."""
        return certain.first_year(self.date) if self.date else certain.only_year(self.date_of_trip)

    @property
    def is_whole_trip(self):
        return len(self.trip.legs.all()) <= 1

    @cached_property
    def events(self):
        """The events of this stay in which the leader took part, in their order."""
        if self.trip.status != Status.HELD or not self.leader or not self.leader.person_id:
            return []
        return [
            event
            for event in self.trip.meetings.all()
            if event.status == Status.HELD
            and event.mode == Mode.IN_PERSON
            and event.verification != Verification.DISPUTED
            and self._is_place_of(event)
            and self._roles_in(event) & PRESENT
        ]

    @cached_property
    def met(self):
        """(event, participation) of each foreign head of state or government the leader met."""
        if not (self.leg and self.leader and self.leader.country_id):
            return []
        return [
            (event, other)
            for event in self.events
            if event.kind in FACE_TO_FACE
            for other in event.participations.all()
            if other.role in PRESENT
            and other.country_id not in (None, self.leader.country_id)
            and leads_its_country(other.capacity_en, other.country, bool(other.organization_id))
        ]

    @property
    def hosts(self):
        return [other for _event, other in self.met if other.country_id == self.leg.country_id]

    @property
    def others(self):
        return [other for _event, other in self.met if other.country_id != self.leg.country_id]

    @cached_property
    def sessions(self):
        """The sessions of several countries, or of an organisation of states."""
        return [event for event in self.events if is_multilateral(event)]

    @property
    def is_multilateral(self):
        """Whether the sources call this visit one to a multilateral event."""
        kind = self.leg.kind if self.leg else VisitKind.UNKNOWN
        if kind == VisitKind.UNKNOWN and self.is_whole_trip:
            kind = self.trip.kind
        return kind == VisitKind.MULTILATERAL and self.trip.status == Status.HELD

    @cached_property
    def speeches(self):
        return [
            event
            for event in self.events
            if event.kind == MeetingKind.SPEECH and Role.SPEAKER in self._roles_in(event)
        ]

    @cached_property
    def signings(self):
        """The agreements that were signed before the leader's eyes, or by the leader."""
        return [
            agreement
            for agreement in self.trip.agreements.all()
            if agreement.stage == Stage.SIGNED
            and agreement.verification != Verification.DISPUTED
            and self._is_signing(agreement)
        ]

    @property
    def evidence(self):
        """The records that this stay is told by: the trip, then all that was found."""
        events = [event for event, _other in self.met] + self.sessions + self.speeches
        return [*dict.fromkeys([self.trip, *events, *self.signings])]

    @cached_property
    def sources(self):
        """The sources of this evidence that the public may know of, each once."""
        cited = (row.source for record in self.evidence for row in record.citations.all())
        return [*dict.fromkeys(cited)]

    def _is_place_of(self, event):
        """Whether `event` was on this leg: of two legs in one country nobody can tell which."""
        if self.leg is None:
            return True
        there = [leg for leg in self.trip.legs.all() if leg.country_id == event.country_id]
        return there == [self.leg]

    def _roles_in(self, record):
        rows = record.participations.all()
        return {row.role for row in rows if row.person_id == self.leader.person_id}

    def _is_signing(self, agreement):
        """A ceremony that is hidden counts like one that is not recorded."""
        ceremonies = {event.pk: event for event in self.trip.meetings.all()}
        if ceremony := ceremonies.get(agreement.meeting_id):
            return ceremony in self.events
        if self.trip.status != Status.HELD or not self.leader or not self.leader.person_id:
            return False
        signs = {Role.SIGNATORY, Role.WITNESS} & self._roles_in(agreement)
        return self.is_whole_trip and bool(signs)


def is_multilateral(event):
    """Whether `event` is a session of several countries, or one that an organisation convened."""
    rows = event.participations.all()
    return event.kind == MeetingKind.SESSION and (
        len({row.country_id for row in rows if row.country_id}) >= SEVERAL
        or any(
            row.role in CONVENING and row.organization.kind == OrganizationKind.INTERNATIONAL
            for row in rows
            if row.organization
        )
    )


def stays_of(trip):
    """Yield the stays of `trip`: leg by leg, and of each leg leader by leader."""
    leaders = [row for row in trip.participations.all() if row.role == Role.HEAD]
    for number, leg in enumerate(trip.legs.all() or [None], 1):
        for leader_number, leader in enumerate(leaders or [None], 1):
            key = [trip.slug, number if leg else 0, leader_number if len(leaders) > 1 else 0]
            yield Stay("/".join(str(part) for part in key if part), trip, leg, leader)
