"""Routes of the public portal."""

from django.urls import include, path

from applications import urls_applicant, urls_documents, urls_public
from hall import urls_api, urls_common
from hall.urls_common import handler400, handler403, handler404

__all__ = ["handler400", "handler403", "handler404", "urlpatterns"]

CASEWORK = [*urls_public.urlpatterns, *urls_applicant.urlpatterns, *urls_documents.urlpatterns]

urlpatterns = [
    *urls_common.COMMON,
    path("accounts/", include(urls_common.account_routes("account_signup"))),
    # One include for both audiences: a namespace included twice would hide half of its routes.
    path("", include((CASEWORK, "applications"))),
    urls_api.APPLICANT,
]
