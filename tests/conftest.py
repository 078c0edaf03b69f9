"""What all tests share: the database they run on, the cast of users, the browser."""

import gc
import os
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from tests import chromium, postgres_server

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "tests.settings",
    "SECRET_KEY": "this key signs nothing outside of the tests 0123456789",
}
UNSET = (
    *("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "DATA_LICENSE", "DEBUG"),
    "EMBED_ANCESTORS",
    *("HSTS_SECONDS", "HTTPS", "SECOND_FACTOR", "TIME_ZONE", "TRUSTED_PROXIES"),
)
# Each takes long and is one test: a worker that came to it last would let the others wait.
LONG = ("test_two_worlds.py", "test_role_matrix.py", "test_projection_stateful.py")


def pytest_addoption(parser):
    group = parser.getgroup("timeline")
    group.addoption("--postgres", action="store_true", help="run on a PostgreSQL of our own")
    group.addoption("--every-look", action="store_true", help="look at public pages in all sizes")
    group.addoption("--no-skips", action="store_true", help="a skipped test has failed")


def pytest_configure(config):
    """Set Django up, on the right database: pytest-django finds it done and adds the rest.

    The workers of pytest-xdist inherit the environment, and so the one server.
    """
    if not hasattr(config, "workerinput"):
        for name in UNSET:
            os.environ.pop(name, None)
        os.environ.update(ENVIRONMENT)
        if config.getoption("postgres"):
            servers = ExitStack()
            config.add_cleanup(servers.close)
            os.environ["DATABASE_URL"] = servers.enter_context(postgres_server.running())
    settings.DATABASES  # noqa: B018  read now, while the environment is as it should be


def pytest_ignore_collect(collection_path, config):
    """The browser opens pages that other tests ask for on both databases: once is enough."""
    return (
        True if config.getoption("postgres") and "test_browser_" in collection_path.name else None
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Without those that ask no database, where SQLite's run has them; the long ones first.

    pytest-django keeps them from asking: on PostgreSQL they could come to nothing else.
    """
    if config.getoption("postgres"):
        idle = [item for item in items if not asks_a_database(item)]
        config.hook.pytest_deselected(items=idle)
        items[:] = filter(asks_a_database, items)
    items.sort(key=lambda item: item.path.name not in LONG)


def asks_a_database(item):
    wanted = {"db", "transactional_db", "django_db_setup"}
    return item.get_closest_marker("django_db") or not wanted.isdisjoint(item.fixturenames)


def pytest_collection_finish():
    """Thousands of tests stay to the end: the collector of garbage need not pass them each time."""
    gc.collect()
    gc.freeze()


def pytest_report_header(config):
    alone = " (tests that ask no database, and the browser's, run on SQLite alone)"
    engine = settings.DATABASES["default"]["ENGINE"]
    return f"database: {engine}{alone if config.getoption('postgres') else ''}"


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _refuse_skip(collector.config, (yield))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    return _refuse_skip(item.config, (yield))


def _refuse_skip(config, report):
    if config.getoption("no_skips") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which --no-skips does not accept: {report.longrepr[2]}"
    return report


def _member(name, group):
    from django.contrib.auth.models import Group

    user = get_user_model().objects.create_user(name, password=name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def vera(db):
    """Views."""
    return _member("vera", "Viewers")


@pytest.fixture
def eli(db):
    """Edits."""
    return _member("eli", "Editors")


@pytest.fixture
def petra(db):
    """Publishes."""
    return _member("petra", "Publishers")


@pytest.fixture
def ada(db):
    """Administers."""
    return _member("ada", "Administrators")


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The chronicle of tests/chronicle.py, written once for all tests of a file."""
    from tests import chronicle

    with django_db_blocker.unblock(), transaction.atomic():
        chronicle.tell()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Playwright starts the system's Chromium, and a test may use the database beside it."""
    options = chromium.launch_options()
    if options is None:
        pytest.skip("no Chromium here")
    # Playwright keeps an event loop in the test's thread, beside which Django refuses to work.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {**browser_type_launch_args, **options}
