"""Papers and forms as files, on both sides; the public check page belongs to the outer side."""

from django.urls import path, re_path

from applications.views import check, documents

urlpatterns = [
    path("forms/<str:code>/blank.pdf", documents.form_pdf, {"which": "blank"}, name="blank-form"),
    path("forms/<str:code>/sample.pdf", documents.form_pdf, {"which": "sample"}, name="sample-form"),
    path("forms/<str:code>/guide.pdf", documents.form_pdf, {"which": "guide"}, name="guide-sheet"),
    re_path(
        r"^forms/packages/(?P<code>[^/]+)/(?P<which>blank|sample|guide)\.pdf$",
        documents.package_pdf,
        name="package-file",
    ),
    path("forms/<str:code>/situation.pdf", documents.situation_pdf, name="situation-sheet"),
    path("documents/<uuid:uid>/", documents.document, name="document"),
    path("documents/forms/<uuid:uid>.pdf", documents.filled_form_pdf, name="filled-form"),
    path("check/", check.check_start, name="check-start"),
    path("check/<str:code>/", check.check, name="check"),
]
