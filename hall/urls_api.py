"""The programming interface: one namespace per audience, ``api-public``, ``api-applicant``, ``api-staff``, ``api-sync``."""

from django.urls import include, path

from sync import views as sync

PUBLIC = path(
    "api/v1/public/",
    include(
        (
            [
                path("", include("matters.api.urls_public")),
                path("", include("applications.api.urls_public")),
            ],
            "api-public",
        )
    ),
)
APPLICANT = path("api/v1/applicant/", include(("applications.api.urls_applicant", "api-applicant")))
STAFF = path("api/v1/staff/", include(("applications.api.urls_staff", "api-staff")))
SYNC = path(
    "api/v1/sync/",
    include(
        (
            [
                path("figures/", sync.as_json, name="figures"),
                path("metrics/", sync.prometheus, name="metrics"),
            ],
            "api-sync",
        )
    ),
)
IDENTITY = path("api/v1/", include(("identity.api_urls", "api-identity")))
