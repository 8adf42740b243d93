"""Notices, decisions, certificates and forms: facts → frozen content → page → PDF.

``facts`` and ``extras`` say what goes in, ``content.build`` freezes it, ``render.render_document`` makes the PDF from
the frozen content alone, ``issue`` and ``applications.tasks`` do so after the act has been committed.
"""
