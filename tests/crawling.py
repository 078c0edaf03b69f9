"""Follows every link of the public pages, as a search engine would that knows when to stop."""

from urllib.parse import parse_qs, urljoin, urlsplit

from tests.markup import Page


def crawl(client, start):
    """{address: Page, or None for a file} of what `start` leads to, and [(from, to)] of dead links.

    Filters can be put together in more ways than anybody can try. So of each path, an address with
    a query is followed once for each set of its parameters, and only from a page without one.
    """
    pages, dead, asked, waiting = {}, [], set(), [("", start)]
    while waiting:
        origin, address = waiting.pop()
        if address in pages:
            continue
        answer = client.get(address)
        pages[address] = None
        if answer.status_code != 200:
            dead.append((origin, address))
        elif answer["Content-Type"].startswith("text/html"):
            pages[address] = Page(answer.content.decode())
            waiting += [(address, link) for link in _leading_on(address, pages[address], asked)]
    return pages, dead


def _leading_on(address, page, asked):
    for link in page.links:
        target = urlsplit(urljoin(address, link))
        if target.netloc:
            continue
        if not target.query:
            yield target.path
            continue
        shape = target.path, frozenset(parse_qs(target.query))
        if "?" not in address and shape not in asked:
            asked.add(shape)
            yield f"{target.path}?{target.query}"
