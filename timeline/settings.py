"""Settings of the timeline. What differs between two installations comes from the environment:

DATABASE_URL, SECRET_KEY, DEBUG, ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, HTTPS, HSTS_SECONDS,
TRUSTED_PROXIES, SECOND_FACTOR, TIME_ZONE, DATA_LICENSE, EMBED_ANCESTORS.
"""

import sqlite3
from datetime import timedelta
from pathlib import Path

from timeline.environment import (
    HOST,
    LICENCE,
    ORIGIN,
    env_bool,
    env_database,
    env_int,
    env_list,
    env_networks,
    env_secret,
    env_zone,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
YEAR = 365 * 24 * 60 * 60  # seconds

DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = env_secret("SECRET_KEY", file=BASE_DIR / ".secret_key")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], HOST)
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [], ORIGIN)

ROOT_URLCONF = "timeline.urls"
WSGI_APPLICATION = "timeline.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SERIALIZATION_MODULES = {"json": "timeline.exchange.fixture"}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "timeline.desk.DeskConfig",  # the admin
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "simple_history",
    "import_export",
    "django_filters",
    "timeline",
]

MIDDLEWARE = [
    "timeline.middleware.StrictHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "timeline.middleware.NoCookiesInPublic",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "timeline.middleware.RenewedSession",
    "timeline.middleware.LanguageOfAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "timeline.rendering.Renderer"

# The database

database = env_database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
if database["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(exist_ok=True)
    # Below SQLite 3.51.3 a write-ahead log that several processes share can lose a commit.
    journal = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "DELETE"
    options = {
        # A transaction that means to write waits for its turn at its start. In the default mode it
        # fails when it has read first and somebody else has written since.
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,  # seconds; the import of a long file takes a good part of them
        "init_command": (
            f"PRAGMA foreign_keys=ON; PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL"
        ),
    }
    database["OPTIONS"] = options | database.get("OPTIONS", {})
else:
    database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": database}

# Languages and times

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["timeline.formats"]
# The choice of who works in the admin, kept by their browser and sent to nothing else.
LANGUAGE_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_AGE = YEAR
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = env_zone("TIME_ZONE", default="Asia/Ho_Chi_Minh")

# Files. Uploads are kept in a private folder; timeline/views/files.py alone gives them out.

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "private"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Inputs of one form: a record with its whole delegation has more than the 1,000 of Django.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = [
    "timeline.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# The licences under which the data may be used, for the data package to name. None is invented.
DATA_LICENSE = env_list("DATA_LICENSE", [], LICENCE)

# The sites that may show the timeline within their pages, by its address with ?embed=1.
EMBED_ANCESTORS = env_list("EMBED_ANCESTORS", [], ORIGIN)

# People who sign in

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SECOND_FACTOR = env_bool("SECOND_FACTOR", default=False)
OTP_TOTP_ISSUER = "Timeline of diplomacy"

# A session ends after a working day in which nobody touched it, and with the browser.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
CSRF_COOKIE_HTTPONLY = True

# After this many failures a user name is locked out at the address they came from, and nowhere
# else: who guesses at somebody's password cannot keep that person from their desk. To keep
# trying does not make it longer.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "timeline.sign_in.address"
AXES_LOCKOUT_CALLABLE = "timeline.sign_in.locked_out"
AXES_ENABLE_ADMIN = False  # timeline/admin/rescue.py has ours
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# The log has the addresses. A name it has not: people type their password there.
AXES_SENSITIVE_PARAMETERS = ["username"]
# The proxies that are believed when they say whom they speak for. Without any, the address is
# the one that the connection comes from.
TRUSTED_PROXIES = env_networks("TRUSTED_PROXIES")

# HTTPS=on says that visitors come by https, as they must in production. Gunicorn learns it from
# the X-Forwarded-Proto of a proxy on the same machine, or on one named in FORWARDED_ALLOW_IPS.
if env_bool("HTTPS", default=False):
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", YEAR, minimum=60, maximum=2 * YEAR)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
# Preloading binds the whole domain for good: that is for the domain's owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# Import and export: all rows or none. The history records each row, so the admin's log need not.

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Without handlers of its own, so that each line appears once.
    "loggers": {"django": {"level": "INFO"}, "axes": {"level": "WARNING"}},
}
