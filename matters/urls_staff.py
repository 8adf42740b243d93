"""Pages of those who keep the catalogue, under ``/catalogue/`` on the inner side."""

from django.urls import path

from matters.views.staff import (
    desk,
    difference,
    editor,
    joint,
    joint_acts,
    joint_edit,
    joint_merge,
    matter,
    moves,
    preview,
    situations,
    start,
    tryform,
    words,
)
from matters.views.staff.datasets import data as dataset_data
from matters.views.staff.datasets import fields as dataset_fields
from matters.views.staff.datasets import pages as dataset_pages
from matters.views.staff.datasets import publishing as dataset_publishing

app_name = "catalogue"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("new/", start.new, name="new"),
    path("<uuid:uid>/revise/", start.revise, name="revise"),
    path("<uuid:uid>/edit/", editor.edit, name="edit"),
    path("<uuid:uid>/autosave/", editor.autosave, name="autosave"),
    path("<uuid:uid>/resolve/", editor.resolve, name="resolve"),
    path("<uuid:uid>/preview/", preview.preview, name="preview"),
    path("<uuid:uid>/try-form/", tryform.try_form, name="try-form"),
    path("joint/", joint.listing, name="joint"),
    path("joint/new/", joint.new, name="joint-new"),
    path("joint/<uuid:uid>/", joint.package, name="joint-package"),
    path("joint/<uuid:uid>/preview/", joint.preview, name="joint-preview"),
    path("joint/<uuid:uid>/diff/", joint.diff, name="joint-diff"),
    path("joint/<uuid:uid>/edit/", joint_edit.edit, name="joint-edit"),
    path("joint/<uuid:uid>/merge/", joint_merge.merge, name="joint-merge"),
    path("joint/<uuid:uid>/revise/", joint_acts.revise, name="joint-revise"),
    path("joint/<uuid:uid>/submit/", joint_acts.submit, name="joint-submit"),
    path("joint/<uuid:uid>/send-back/", joint_acts.send_back, name="joint-send-back"),
    path("joint/<uuid:uid>/publish/", joint_acts.publish, name="joint-publish"),
    path("joint/<uuid:uid>/withdraw/", joint_acts.withdraw, name="joint-withdraw"),
    path("joint/<uuid:uid>/discard/", joint_acts.discard, name="joint-discard"),
    path("datasets/", dataset_pages.datasets, name="datasets"),
    path("datasets/new/", dataset_pages.new, name="dataset-new"),
    path("datasets/<uuid:uid>/", dataset_pages.dataset, name="dataset"),
    path("datasets/<uuid:uid>/edit/", dataset_pages.edit, name="dataset-edit"),
    path("datasets/<uuid:uid>/fields/new/", dataset_fields.new, name="dataset-field-new"),
    path("datasets/<uuid:uid>/fields/<str:key>/", dataset_fields.edit, name="dataset-field"),
    path("datasets/<uuid:uid>/fields/<str:key>/move/", dataset_fields.move, name="dataset-field-move"),
    path("datasets/<uuid:uid>/data/", dataset_data.data, name="dataset-data"),
    path("datasets/<uuid:uid>/data/template.xlsx", dataset_data.template, name="dataset-template"),
    path("datasets/<uuid:uid>/data/<uuid:load>/", dataset_data.decide, name="dataset-load"),
    path("datasets/<uuid:uid>/resend/", dataset_publishing.resend, name="dataset-resend"),
    path("datasets/<uuid:uid>/publish/", dataset_publishing.publish, name="dataset-publish"),
    path("datasets/<uuid:uid>/withdraw/", dataset_publishing.withdraw, name="dataset-withdraw"),
    path("<uuid:uid>/situations/", situations.coverage, name="situations"),
    path("<uuid:uid>/", matter.matter, name="matter"),
    path("<uuid:uid>/confirm/", matter.confirm, name="confirm"),
    path("<uuid:uid>/recheck/", matter.recheck, name="recheck"),
    path("<uuid:uid>/versions/<int:number>/diff/", difference.difference, name="diff"),
    path("<uuid:uid>/versions/<int:number>/<str:name>/", moves.move, name="move"),
    path("words/", words.words, name="words"),
    path("words/<int:pk>/", words.word, name="word"),
    path("words/<int:pk>/remove/", words.remove, name="word-remove"),
]
