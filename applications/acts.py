"""What people do to a case beside the moves of the machine. Each has a label; each is recorded as an Event (evidence.py)."""

from django.utils.translation import gettext_noop as _

# Act → its label on the timeline.
LABELS: dict[str, str] = {
    "claim": _("认领"),
    "put_back": _("放回待办"),
    "add_paper": _("上传办理记录"),
}
# The acts that the applicant sees on the timeline; the others stay inside.
SEEN_BY_APPLICANT: frozenset[str] = frozenset()


def label(action: str) -> str:
    """The Chinese label of an act; KeyError when there is no such act."""
    return LABELS[action]
