"""One request to a server of the public internet, and to none within our own network.

Addresses are typed by people and answered by strangers. So a name is resolved once, each address
it has must be a public one, and the connection goes to the address that was looked at, whatever
the name would resolve to a moment later. No body is read, no redirect followed, no proxy used.
"""

import socket
import ssl
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address, ip_network
from threading import Timer
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_noop

MAX_ADDRESSES = 4  # of one name that are tried
EMBEDS_IPV4 = ip_network("64:ff9b::/96")  # RFC 6052: the way to IPv4 from a network without it

NOT_HTTP = gettext_noop("It leads to an address that is not http or https.")
NOT_PUBLIC = gettext_noop("It leads into a private network, where nothing is asked.")
NO_NAME = gettext_noop("The name of the server is not known.")
NO_CONNECTION = gettext_noop("The server does not answer.")
TOO_SLOW = gettext_noop("The server takes too long.")
NO_HTTP = gettext_noop("The server does not speak http.")
BAD_CERTIFICATE = gettext_noop("The server has no certificate that can be trusted.")


class Refused(Exception):
    """An address that is not asked: it leads nowhere that we would go."""


class Unreachable(Exception):
    """There was no answer to a request."""


class Target:
    """An address taken apart and written as it goes over the line: in ASCII, without a fragment."""

    def __init__(self, url):
        try:
            parts = urlsplit(url)
            self.scheme, port = parts.scheme.lower(), parts.port
            self.host = (parts.hostname or "").encode("idna").decode("ascii")
            query = f"?{parts.query}" if parts.query else ""
            self.path = quote((parts.path or "/") + query, safe="/%:?=&;+,!$@()*[]'~")
        except ValueError as error:  # a port, brackets, a name or letters that cannot be
            raise Refused(NO_NAME) from error
        if self.scheme not in ("http", "https"):
            raise Refused(NOT_HTTP)
        if not self.host:
            raise Refused(NO_NAME)
        self.default_port = 443 if self.scheme == "https" else 80
        self.port = port or self.default_port
        name = f"[{self.host}]" if ":" in self.host else self.host
        self.url = f"{self.scheme}://{name}{f':{port}' if port else ''}{self.path}"


def ask(method, target, headers, timeout, allow_private=False):
    """The (status, Location or None) that the server of `target` answers, or an exception above.

    It takes `timeout` seconds for each step, and twice that for all steps after the connection.
    """
    connection = Pinned(target, resolve(target, allow_private), timeout)
    try:
        with deadline(connection, 2 * timeout):
            connection.request(method, target.path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location")
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(BAD_CERTIFICATE) from error
    except TimeoutError as error:
        raise Unreachable(TOO_SLOW) from error
    except OSError as error:
        raise Unreachable(NO_CONNECTION) from error
    except (HTTPException, ValueError) as error:
        raise Unreachable(NO_HTTP) from error
    finally:
        connection.close()


def resolve(target, allow_private):
    """The addresses of the server of `target`; Refused when one of them is not public."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise Unreachable(NO_NAME) from error
    places = list(dict.fromkeys(place[:2] for *_kind, place in found))
    if not allow_private and not all(is_public(address) for address, _port in places):
        raise Refused(NOT_PUBLIC)
    return places[:MAX_ADDRESSES]


def is_public(address):
    """Whether the IP address, or the one that stands in it, is one of the public internet."""
    address = ip_address(address)
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is None and address.version == 6 and address in EMBEDS_IPV4:
        inner = ip_address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved)


class Pinned(HTTPConnection):
    """A connection to one of the places that were looked at, under the name of the server."""

    def __init__(self, target, places, timeout):
        super().__init__(target.host, target.port, timeout=timeout)
        self.default_port = target.default_port
        self.places = places

    def connect(self):
        for place in self.places:
            try:
                self.sock = socket.create_connection(place, self.timeout)
                break
            except OSError as error:
                reason = error
        else:
            raise reason
        if self.default_port == 443:
            self.sock = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()


@contextmanager
def deadline(connection, seconds):
    """Cut `connection` off after `seconds`: a timeout begins anew with each byte that drips in."""

    def cut():
        passed.append(True)
        with suppress(OSError, AttributeError):  # when it is closed, or not open yet
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    passed, timer = [], Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException) as error:
        if passed:
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
