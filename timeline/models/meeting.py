"""Meetings: everything that happened at a place or over a line."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.bilingual import BilingualText
from timeline.models.codes import MeetingKind, Mode, Status
from timeline.models.fields import Line, known_code
from timeline.models.record import Record


def validate_time_zone(value):
    if value not in available_timezones():
        raise ValidationError(
            _("%(value)s is no time zone of the IANA list; write for instance Asia/Ho_Chi_Minh."),
            params={"value": value[:60]},
        )


class Meeting(Record):
    """A meeting, talk, call, session, ceremony, speech or letter."""

    kind = models.CharField(
        _("kind"), max_length=20, choices=MeetingKind, default=MeetingKind.MEETING
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.HELD,
        help_text=_("Announced, until a source says that it took place."),
    )
    trip = models.ForeignKey(
        "Trip",
        verbose_name=_("trip"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meetings",
        help_text=_("The trip it was part of; empty when it was not part of one."),
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("held on the sidelines of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
        help_text=_("The session or conference this meeting took place beside."),
    )
    country = models.ForeignKey(
        "Country",
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meetings",
        help_text=_("Where it took place. Empty when unknown, or for calls and letters."),
    )
    place_vi = Line(_("place in Vietnamese"), blank=True, default="")
    place_en = Line(_("place in English"), blank=True, default="")
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        blank=True,
        default="",
        validators=[validate_time_zone],
        help_text=_("IANA name, as in America/New_York, when the local date matters."),
    )

    place = BilingualText("place")

    class Meta(Record.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            *Record.Meta.constraints,
            known_code("kind", MeetingKind),
            known_code("mode", Mode),
            known_code("status", Status),
            models.CheckConstraint(
                condition=models.Q(part_of__isnull=True) | ~models.Q(part_of=models.F("id")),
                name="meeting_is_not_part_of_itself",
                violation_error_message=_("A meeting cannot be part of itself."),
            ),
        ]
        permissions = [("publish_meeting", "Can publish and withdraw meetings")]

    def clean(self):
        super().clean()
        if self.lies_outside(self.trip):
            raise ValidationError(
                {
                    "date_edtf": _(
                        "%(date)s lies outside the trip, which is dated %(trip)s. Correct one of "
                        "the two dates, or take the meeting out of the trip."
                    )
                    % {"date": self.date_edtf, "trip": self.trip.date_edtf}
                }
            )
