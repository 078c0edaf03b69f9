"""Whether an http address still leads somewhere, found out with a bounded number of requests."""

import time
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urljoin

from django.utils.translation import gettext_noop

from timeline.guarded_http import NO_NAME, Refused, Target, Unreachable, ask
from timeline.models.linkcheck import LinkOutcome

USER_AGENT = "timeline-of-diplomacy-link-check/1.0 (asks whether a cited document is still there)"
MAX_REDIRECTS = 5
PERMANENT, REDIRECTS = {301, 308}, {301, 302, 303, 307, 308}
# The server is there, and perhaps the page too: for people, or at another time.
UNDECIDED = {401, 403, 407, 408, 425, 429, 451}

IN_CIRCLES = gettext_noop("It leads from address to address without an end.")
NOT_TOLD = gettext_noop("The server does not let this check see the page: look with a browser.")
IN_TROUBLE = gettext_noop("The server has a fault of its own.")


class UsedUp(Exception):
    """No request may be made any more in this run; `host` is set when it is only this one's."""

    def __init__(self, host=None):
        super().__init__(host)
        self.host = host


@dataclass(frozen=True)
class Result:
    """What came of asking for an address; `detail` is one of the sentences, or an address."""

    outcome: str
    status: int | None = None
    detail: str = ""

    @property
    def is_broken(self):
        return self.outcome in (LinkOutcome.BROKEN, LinkOutcome.UNREACHABLE)


class Checker:
    """Checks addresses within the bounds of one run; `answers` counts what came back at all."""

    def __init__(self, requests, per_host, pause, timeout, allow_private=False):
        self.left, self.per_host, self.pause = requests, per_host, pause
        self.options = {"timeout": timeout, "allow_private": allow_private}
        self.asked, self.last, self.answers = Counter(), {}, 0

    def check(self, url):
        """Follow `url` to its end and return a Result; UsedUp when that takes too many requests."""
        address, permanent = url, True
        try:
            for _hop in range(MAX_REDIRECTS + 1):
                target = Target(address)
                status, location = self.find(target)
                if status not in REDIRECTS or not location:
                    moved = permanent and address != url
                    return result_of(status, target.url if moved else "")
                permanent = permanent and status in PERMANENT
                address = behind(target, location)
        except Refused as reason:
            return Result(LinkOutcome.BROKEN, detail=str(reason))
        except Unreachable as reason:
            return Result(LinkOutcome.UNREACHABLE, detail=str(reason))
        return Result(LinkOutcome.UNREACHABLE, status, IN_CIRCLES)

    def find(self, target):
        """The status and Location of `target`, asked without and, in doubt, with its body."""
        status, location = self.request("HEAD", target)
        if status >= 400:  # many servers know GET alone
            status, location = self.request("GET", target, Range="bytes=0-0")
        return (200 if status == 416 else status), location  # 416: a document of no bytes

    def request(self, method, target, **headers):
        self.spend(target.host)
        headers |= {"User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close"}
        answer = ask(method, target, headers, **self.options)
        self.answers += 1
        return answer

    def spend(self, host):
        """Count a request, after the pause that each server is given; UsedUp when none is left."""
        if self.left < 1:
            raise UsedUp
        if self.asked[host] >= self.per_host:
            raise UsedUp(host)
        if host in self.last:
            time.sleep(max(0, self.last[host] + self.pause - time.monotonic()))
        self.left -= 1
        self.asked[host] += 1
        self.last[host] = time.monotonic()


def behind(target, location):
    try:
        return urljoin(target.url, location)
    except ValueError as error:
        raise Refused(NO_NAME) from error


def result_of(status, moved_to):
    if status in UNDECIDED:
        return Result(LinkOutcome.UNREACHABLE, status, NOT_TOLD)
    if status >= 500:
        return Result(LinkOutcome.UNREACHABLE, status, IN_TROUBLE)
    if status >= 400:
        return Result(LinkOutcome.BROKEN, status)
    if moved_to:
        return Result(LinkOutcome.MOVED, status, moved_to[:1000])
    return Result(LinkOutcome.FOUND, status)
