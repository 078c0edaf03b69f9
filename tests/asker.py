"""Asks the application itself, as a server does, and keeps all that a visitor can see of it."""

import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.core.handlers.base import BaseHandler
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.test import RequestFactory


@dataclass(frozen=True)
class Question:
    path: str
    query: tuple = ()  # pairs of name and value
    method: str = "GET"
    headers: tuple = ()  # pairs of name and value


@dataclass(frozen=True)
class Answer:
    """The whole answer, every header included, and how much was read for it.

    A number of queries that tells of something hidden could be seen as time.
    """

    status: int
    headers: tuple
    body: bytes
    queries: int

    def differs_in(self, other):
        names = ("status", "headers", "body", "queries")
        return [name for name in names if getattr(self, name) != getattr(other, name)]


class Asker:
    """`answers` has the answer to each question that was asked."""

    def __init__(self):
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.factory = RequestFactory()
        self.answers = {}

    def ask(self, question):
        if question not in self.answers:
            self.answers[question] = self._answer(question)
        return self.answers[question]

    def follow(self, question, relation):
        """Go from `question` to what each answer names as its `next` or `prev`, to the end."""
        seen = set()
        while question not in seen:
            seen.add(question)
            body = self.ask(question).body.decode()
            found = re.search(f'<link rel="{relation}" href="([^"?]*)\\?([^"]*)">', body)
            if found is None:
                return question
            query = parse_qsl(found[2].replace("&amp;", "&"))
            question = Question(found[1], tuple(query))
        raise AssertionError(f"the pages lead in a circle: {question}")

    def _answer(self, question):
        queries = 0

        def count(execute, *arguments):
            nonlocal queries
            queries += 1
            return execute(*arguments)

        with connection.execute_wrapper(count):
            response = self.handler.get_response(self._request(question))
            body = b"".join(response) if response.streaming else response.content
        cookies = sorted(str(cookie) for cookie in response.cookies.values())
        headers = (*sorted(response.headers.items()), *cookies)
        request_finished.disconnect(close_old_connections)  # as it would with our transaction
        response.close()
        request_finished.connect(close_old_connections)
        return Answer(response.status_code, headers, body, queries)

    def _request(self, question):
        return self.factory.generic(
            question.method,
            question.path,
            headers=dict(question.headers),
            query_params=dict(question.query),
        )


@contextmanager
def silence():
    """A refusal is what many questions ask for: none of them belongs in the log."""
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
