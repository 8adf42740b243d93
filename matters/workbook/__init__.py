"""Guides out of the catalogue into a workbook or a JSON document, and back through a dry run.

``columns`` is the one table that says where each field stands; ``content`` is the normal form in which contents are compared;
``rows`` turns a content into rows and back; ``writing``, ``package``, ``reading``, ``staging`` and ``document`` know the file formats; ``dry_run``
judges an upload, ``applying`` saves it.
"""
