"""Pages of applicants."""

from django.urls import path

from applications import urls_joint
from applications.views import booking, ledger, rate
from applications.views.applicant import (
    case,
    correct,
    draft,
    form_import,
    hearing,
    licences,
    materials,
    mine,
    notices,
    owed,
    section,
    situation,
    start,
    submit,
    talk,
)

urlpatterns = [
    *urls_joint.urlpatterns,
    path("apply/<str:code>/", start.start, name="start"),
    path("my/", mine.mine, name="mine"),
    # licences
    path("my/licences/", licences.licences, name="licences"),
    path("my/licences/<uuid:uid>/", licences.licence_page, name="licence"),
    path("my/licences/<uuid:uid>/renew/", licences.renew, name="licence-renew"),
    path("my/licences/<uuid:uid>/change/", licences.change, name="licence-change"),
    path("my/licences/<uuid:uid>/cancel/", licences.cancel, name="licence-cancel"),
    # notices
    path("my/notices/", notices.listing, name="notices"),
    path("my/notices/settings/", notices.preferences_page, name="notice-settings"),
    path("my/notices/confirm/", notices.confirm, name="notice-confirm"),
    path("my/notices/<uuid:uid>/", notices.open_notice, name="notice"),
    # appointments
    path("book/<str:code>/<str:day>/<str:starts>/", booking.confirm, name="book-slot"),
    path("my/bookings/", booking.mine, name="bookings"),
    path("my/bookings/<uuid:uid>/", booking.one, name="booking"),
    # a draft
    path("drafts/<uuid:uid>/", draft.task_list, name="task-list"),
    path("drafts/<uuid:uid>/delete/", draft.delete, name="draft-delete"),
    path("drafts/<uuid:uid>/situation/", situation.situation, name="situation"),
    path("drafts/<uuid:uid>/sections/<str:key>/", section.section, name="section"),
    path("drafts/<uuid:uid>/sections/<str:key>/autosave/", section.autosave, name="autosave"),
    path("drafts/<uuid:uid>/import/", form_import.form_import_page, name="form-import"),
    path("drafts/<uuid:uid>/materials/", materials.materials, name="materials"),
    path("drafts/<uuid:uid>/check/", submit.check_answers, name="check-answers"),
    # a case
    path("my/<uuid:uid>/", case.case_page, name="case"),
    path("my/<uuid:uid>/submitted/", submit.submitted, name="submitted"),
    path("my/<uuid:uid>/rate/", rate.mine, name="rate"),
    path("my/<uuid:uid>/withdraw/", case.withdraw, name="withdraw"),
    path("my/<uuid:uid>/hearing/", hearing.ask_hearing, name="ask-hearing"),
    path("my/<uuid:uid>/ledger.pdf", ledger.mine, name="ledger"),
    path("my/<uuid:uid>/messages/", talk.send, name="message"),
    path("my/<uuid:uid>/messages/<int:pk>/", talk.file, name="message-file"),
    path("my/<uuid:uid>/owed/", owed.owed, name="owed"),
    path("my/<uuid:uid>/correct/", correct.correction, name="correction"),
    path("my/<uuid:uid>/correct/<str:key>/", correct.correction_section, name="correction-section"),
    path("my/<uuid:uid>/correct/<str:key>/autosave/", correct.correction_autosave, name="correction-autosave"),
    # files of either
    path("my/<uuid:uid>/files/<int:pk>/", materials.material, name="material"),
    path("my/<uuid:uid>/files/<int:pk>/delete/", materials.delete, name="material-delete"),
    path("my/<uuid:uid>/materials/<str:key>/upload/", materials.upload, name="upload"),
    path("my/<uuid:uid>/materials/<str:key>/reuse/", materials.reuse, name="reuse"),
]
