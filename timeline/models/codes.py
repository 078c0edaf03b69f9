"""The code lists. Each code has a label here and a one-line definition in fixtures/README.md."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    DRAFT = "draft", _("draft")
    REVIEW = "review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Status(TextChoices):
    ANNOUNCED = "announced", _("announced")
    HELD = "held", _("held")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")
    NOT_HELD = "not_held", _("did not take place")


class Access(TextChoices):
    PUBLIC = "public", _("public: shown in full")
    CITATION = "citation", _("citation: the public sees the label only")
    INTERNAL = "internal", _("internal: the public sees nothing")


class DateBasis(TextChoices):
    STATED = "stated", _("stated by a source")
    INFERRED = "inferred", _("inferred from sources")
    WITHIN_TRIP = "within_trip", _("some time within the trip")
    FROM_FILE = "from_file", _("taken from a file or page, not from its text")
    UNKNOWN = "unknown", _("unknown")


class Verification(TextChoices):
    UNVERIFIED = "unverified", _("unverified")
    VERIFIED = "verified", _("verified")
    DISPUTED = "disputed", _("disputed")


class VisitKind(TextChoices):
    """The kind of a trip or of one of its legs."""

    STATE = "state_visit", _("state visit")
    OFFICIAL = "official_visit", _("official visit")
    OFFICIAL_FRIENDLY = "official_friendly_visit", _("official friendly visit")
    WORKING = "working_visit", _("working visit")
    MULTILATERAL = "multilateral", _("attendance at a multilateral event")
    SEVERAL = "several", _("several kinds, one for each leg")
    OTHER = "other", pgettext_lazy("visit", "other visit")
    UNKNOWN = "unknown", pgettext_lazy("visit", "visit of unknown kind")


class MeetingKind(TextChoices):
    MEETING = "meeting", _("meeting")
    TALKS = "talks", _("talks")
    COURTESY_CALL = "courtesy_call", _("courtesy call")
    SESSION = "session", _("session of a conference or organisation")
    SIDE_EVENT = "side_event", _("seminar or side event")
    CEREMONY = "ceremony", _("ceremony")
    SPEECH = "speech", _("speech")
    COMMUNITY = "community_meeting", _("meeting with compatriots or friends")
    PRESS = "press_conference", _("press conference")
    CALL = "call", _("call")
    CORRESPONDENCE = "correspondence", _("letter or message")
    OTHER = "other", pgettext_lazy("meeting", "other event")


class Mode(TextChoices):
    IN_PERSON = "in_person", _("in person")
    PHONE = "phone", _("by telephone")
    ONLINE = "online", _("online")
    LETTER = "letter", _("by letter")
    UNKNOWN = "unknown", pgettext_lazy("mode", "mode unknown")


class AgreementKind(TextChoices):
    SET = "set", _("set of signings")
    TREATY = "treaty", _("treaty or intergovernmental agreement")
    TRADE = "trade_agreement", _("trade agreement")
    PARTNERSHIP = "partnership", _("level of relations")
    STATEMENT = "joint_statement", _("joint statement")
    RESOLUTION = "resolution", _("resolution")
    CHARTER = "charter", _("charter")
    MEMORANDUM = "memorandum", _("memorandum of understanding")
    LICENCE = "licence", _("licence")
    PURCHASE = "purchase", _("purchase contract")
    SERVICE = "service", _("service contract")
    FINANCING = "financing", _("financing agreement")
    OTHER = "other", pgettext_lazy("agreement", "other agreement")


class Stage(TextChoices):
    NEGOTIATING = "negotiating", _("under negotiation")
    CONCLUDED = "concluded", _("concluded")
    SIGNED = "signed", _("signed")
    HANDED_OVER = "handed_over", _("handed over")
    SIGNED_OR_HANDED_OVER = "signed_or_handed_over", _("signed or handed over")
    ADOPTED = "adopted", _("adopted")
    ISSUED = "issued", pgettext_lazy("stage", "issued")
    RATIFYING = "ratifying", _("in ratification")
    IMPLEMENTED = "implemented", _("being carried out")
    RECOGNISED = "recognised", _("recognised")
    ENDED = "ended", _("ended")
    UNKNOWN = "unknown", pgettext_lazy("stage", "stage unknown")


class Role(TextChoices):
    HEAD = "head", _("head of delegation")
    MEMBER = "member", _("member of the delegation")
    SPOUSE = "spouse", _("accompanying spouse")
    PARTICIPANT = "participant", _("participant")
    HOST = "host", _("host")
    CHAIR = "chair", _("chair")
    SPEAKER = "speaker", _("speaker")
    ORGANISER = "organiser", _("organiser")
    INVITER = "inviter", _("inviter")
    WITNESS = "witness", _("witness")
    SIGNATORY = "signatory", _("signatory")
    PARTY = "party", _("party")
    BUYER = "buyer", _("buyer")
    SELLER = "seller", _("seller")
    PROVIDER = "provider", _("provider")
    LICENSOR = "licensor", _("licensor")
    LICENSEE = "licensee", _("licensee")
    FINANCIER = "financier", _("financier")
    RECIPIENT = "recipient", _("recipient")
    SENDER = "sender", _("sender")
    OBSERVER = "observer", _("observer")
    SUBJECT = "subject", _("person or body concerned")


class Stance(TextChoices):
    ANNOUNCES = "announces", _("announces")
    REPORTS = "reports", _("reports")
    CONFIRMS = "confirms", _("confirms")
    MENTIONS = "mentions", _("mentions")
    CONTRADICTS = "contradicts", _("contradicts")


class TenureBasis(TextChoices):
    APPOINTED = "appointed", _("appointed: the dates are known")
    ATTESTED = "attested", _("attested: seen in sources on these dates")


class OrganizationKind(TextChoices):
    GOVERNMENT = "government", _("government body")
    PARTY = "party", _("political party or its body")
    PARLIAMENT = "parliament", _("parliament")
    INTERNATIONAL = "international", _("international organisation")
    COMPANY = "company", _("company")
    MEDIA = "media", _("news organisation")
    UNIVERSITY = "university", _("university or research institute")
    ASSOCIATION = "association", _("association or foundation")
    HOSPITAL = "hospital", _("hospital")
    GROUP = "group", _("group of people")
    OTHER = "other", pgettext_lazy("organisation", "other organisation")


class SourceKind(TextChoices):
    OFFICIAL_LETTER = "official_letter", _("official letter")
    INFORMATION = "information_document", _("information document")
    NEWS = "news", _("news article")
    PROGRAMME = "programme", _("programme or plan")
    OUTLINE = "outline", _("briefing outline")
    GUIDANCE = "guidance", _("guidance or regulation")
    RESOLUTION = "resolution", _("resolution")
    STATEMENT = "statement", _("statement or communiqué")
    SPEECH = "speech", pgettext_lazy("source", "speech")
    LETTER = "letter", _("letter")
    BOOK = "book", _("book or collection")
    IMAGE = "image", _("photograph")
    OTHER = "other", pgettext_lazy("source", "other document")


class SourceRelation(TextChoices):
    ATTACHMENT = "attachment", _("attachment to")
    PART = "part", _("part of")


class Language(TextChoices):
    """Languages of source documents (ISO 639)."""

    VI = "vi", _("Vietnamese")
    EN = "en", _("English")
    FR = "fr", _("French")
    ES = "es", _("Spanish")
    RU = "ru", _("Russian")
    ZH = "zh", _("Chinese")
    LO = "lo", _("Lao")
    KM = "km", _("Khmer")
    JA = "ja", _("Japanese")
    KO = "ko", _("Korean")
    DE = "de", _("German")
    IT = "it", _("Italian")
    AR = "ar", _("Arabic")
    MUL = "mul", _("several languages")
    UND = "und", _("not determined")
