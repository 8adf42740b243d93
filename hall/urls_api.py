"""The programming interface: one namespace per audience, ``api-public``, ``api-applicant``, ``api-staff``."""

from django.urls import include, path

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
IDENTITY = path("api/v1/", include(("identity.api_urls", "api-identity")))
