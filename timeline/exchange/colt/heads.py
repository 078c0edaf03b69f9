"""Whether an office, as worded, is that of a head of state or government.

The records hold the wording and no rank, so only what can be read in one way counts: one of a few
titles, alone or of the country itself. What is left out is not denied, it is unknown: among others
a general secretary (no record says which party governs), a queen (who may be a consort) and every
wording that also speaks of a lesser office, of somebody else's or of another time.
"""

import re
from functools import lru_cache

from timeline import text

ALONE = "(?:state )?president|prime minister|king|emperor|sultan|pope"
OF_A_COUNTRY = rf"{ALONE}|premier|(?:federal )?chancellor|emir"
# "of Cuba", "of the Republic of Korea": the name of the country is replaced by this sign.
NAME = "@"
STATE = r"(?:[\w']+ ){0,3}(?:republic|kingdom|state|federation|union|emirate|sultanate)"
OF_ITS_COUNTRY = re.compile(rf"(?:{OF_A_COUNTRY}) of (?:the )?(?:{STATE} of (?:the )?)?{NAME}")
WITHOUT_ONE = re.compile(ALONE)
APART = re.compile(r"\s*[,;/]\s*|\s+and\s+")

LESSER = {
    *("vice", "deputy", "former", "ex", "late", "acting", "interim", "elect", "designate"),
    *("candidate", "honorary", "envoy", "representative", "representatives", "adviser", "advisor"),
    *("assistant", "aide", "office", "cabinet", "member", "members", "delegation", "behalf", "to"),
    *("spouse", "wife", "husband"),
}


def leads_its_country(capacity, country, of_a_body=False):
    """Whether `capacity`, in English, names the head of state or government of `country`.

    A bare title, as in "President", counts of somebody who acts for the country alone, not
    `of_a_body` as well.
    """
    return _leads(capacity, country.name_en, of_a_body)


@lru_cache(maxsize=10_000)  # few wordings stand in many rows, and folding is slow
def _leads(capacity, country, of_a_body):
    wording = text.fold(capacity)
    if {*re.findall(r"\w+", wording)} & LESSER:
        return False
    wording = wording.replace(text.fold(country), NAME)
    return any(
        OF_ITS_COUNTRY.fullmatch(office) or (not of_a_body and WITHOUT_ONE.fullmatch(office))
        for office in APART.split(wording)
    )
