"""The smallest thing Django can serve: one view, no middleware, no database. What the pages are compared with."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    """Twelve bytes."""
    return HttpResponse("hello, hall\n")


urlpatterns = [path("", hello)]

if not settings.configured:
    settings.configure(ROOT_URLCONF="bench.hello", ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="hello" * 10, MIDDLEWARE=[])
application = get_wsgi_application()
