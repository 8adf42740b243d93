"""Pages of those who keep the catalogue, under ``/catalogue/`` on the inner side."""

from django.urls import path

from matters.views.staff import desk, editor, preview, start, tryform

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
]
