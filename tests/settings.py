"""The project's settings, with what would only slow the tests down taken out."""

from tempfile import gettempdir

from timeline.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = Path(gettempdir()) / "timeline-tests"

# Static files as they lie in the source tree: `collectstatic` has not run.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
