"""Routes that both sides have."""

from allauth.account import urls as account_urls
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from hall import urls_api, views

ACCOUNT_ROUTES = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
}


def account_routes(*extra: str) -> list:
    """allauth's routes that we use: there is no e-mail, so none of its e-mail routes may exist."""
    wanted = ACCOUNT_ROUTES | set(extra)
    return [route for route in account_urls.urlpatterns if route.name in wanted]


HALL = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("help/", views.help_page, name="help"),
    path("contact/", views.contact, name="contact"),
    path("sitemap/", views.sitemap, name="sitemap"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("view-mode/", views.view_mode, name="view-mode"),
    path("health/", views.health, name="health"),
    path("components/", views.components, name="components"),
    path("after-login/", views.after_login, name="after-login"),
]

COMMON = [
    path("", include((HALL, "hall"))),
    path("accounts/mfa/", include("allauth.mfa.urls")),
    path("", include("identity.urls")),
    path("", include("matters.urls")),
    path("sync/", include("sync.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", views.api_docs, name="api-docs"),
    urls_api.PUBLIC,
    urls_api.IDENTITY,
    urls_api.SYNC,
]

handler400 = "hall.errors.bad_request"
handler403 = "hall.errors.forbidden"
handler404 = "hall.errors.not_found"
