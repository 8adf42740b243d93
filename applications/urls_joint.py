"""Pages of applicants about joint cases."""

from django.urls import path

from applications.views.applicant.joint import case, draft, materials, section, situation, start, submit

urlpatterns = [
    path("apply/joint/<str:code>/", start.start, name="joint-start"),
    # a draft
    path("drafts/joint/<uuid:uid>/", draft.task_list, name="joint-draft"),
    path("drafts/joint/<uuid:uid>/members/", draft.members, name="joint-members"),
    path("drafts/joint/<uuid:uid>/delete/", draft.delete, name="joint-delete"),
    path("drafts/joint/<uuid:uid>/situation/<str:code>/", situation.situation, name="joint-situation"),
    path("drafts/joint/<uuid:uid>/sections/<str:key>/", section.section, name="joint-section"),
    path("drafts/joint/<uuid:uid>/sections/<str:key>/autosave/", section.autosave, name="joint-autosave"),
    path("drafts/joint/<uuid:uid>/materials/", materials.materials, name="joint-materials"),
    path("drafts/joint/<uuid:uid>/materials/<str:key>/upload/", materials.upload, name="joint-upload"),
    path("drafts/joint/<uuid:uid>/materials/<str:key>/reuse/", materials.reuse, name="joint-reuse"),
    path(
        "drafts/joint/<uuid:uid>/materials/<str:key>/<str:sha256>/delete/", materials.delete, name="joint-file-delete"
    ),
    path("drafts/joint/<uuid:uid>/check/", submit.check_answers, name="joint-check"),
    # a joint case
    path("my/joint/<uuid:uid>/", case.case_page, name="joint-case"),
    path("my/joint/<uuid:uid>/submitted/", submit.submitted, name="joint-submitted"),
    path("my/joint/<uuid:uid>/withdraw/", case.withdraw, name="joint-withdraw"),
    path("my/joint/<uuid:uid>/files/<int:pk>/", materials.file, name="joint-file"),
]
