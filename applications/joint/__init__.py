"""One application for a whole package (一件事): filed once, a case of each member, one joint limit, one result page.

``splitting`` (pure) takes the joint form apart, ``papers`` hands one file to every member that wants it, ``drafts`` and
``filing`` are the outer side until submission, ``dates`` the joint limit, ``sync_facts`` and ``sync_handlers`` what crosses.
"""
