"""The language of the admin, which whoever works there chooses for their browser."""

from django.views.decorators.http import require_POST
from django.views.i18n import set_language

# Django's own: it keeps the choice in a cookie, which only /admin/ is sent, and leads back to a
# page of this site and nowhere else. A GET changes nothing, so it is not answered either.
choose = require_POST(set_language)
