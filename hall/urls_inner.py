"""Routes of the office in the intranet; nobody can sign up here."""

from django.urls import include, path

from applications import urls_documents, urls_staff
from hall import urls_api, urls_common
from hall.urls_common import handler400, handler403, handler404

__all__ = ["handler400", "handler403", "handler404", "urlpatterns"]

urlpatterns = [
    *urls_common.COMMON,
    path("accounts/", include(urls_common.account_routes())),
    path("", include(([*urls_staff.urlpatterns, *urls_documents.urlpatterns], "applications"))),
    path("catalogue/", include("matters.urls_staff")),
    urls_api.STAFF,
]
