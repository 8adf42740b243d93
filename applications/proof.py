"""A proof of one case's record for a court or an auditor: its events, the seals over them, and what the other side told.

``applications/check_proof.py`` checks the file with nothing but Python. The proof holds the internal record in clear: it is
for whoever may see the whole file of the case.
"""

from typing import Any

from applications import merkle, seals
from applications.evidence import said_by
from applications.models import Application, EvidenceSeal, PeerHead, SealedHead
from sync import canonical

FORMAT = 1


def of_case(case: Application) -> dict[str, Any]:
    """Everything needed to check the chain of this case, as JSON values."""
    uid = str(case.uid)
    return {
        "format": FORMAT,
        "case": {"uid": uid, "number": case.number, "state": case.state},
        "events": [said_by(event, uid) | {"digest": event.digest} for event in case.events.order_by("place")],
        "seals": [_sealed(head) for head in SealedHead.objects.filter(case_uid=case.uid).select_related("seal")],
        "peer_heads": [
            {"place": head.place, "digest": head.digest, "received_at": canonical.moment(head.received_at)}
            for head in PeerHead.objects.filter(case_uid=case.uid)
        ],
    }


def _sealed(head: SealedHead) -> dict[str, Any]:
    """One seal over the case, with the path from its head to the root: the other cases stay unnamed."""
    seal: EvidenceSeal = head.seal
    heads = sorted(seal.heads.all(), key=lambda one: str(one.case_uid))
    index = [one.pk for one in heads].index(head.pk)
    return {
        "place": head.place,
        "head": head.digest,
        "path": merkle.path([seals.leaf_of(one) for one in heads], index),
        "seal": seals.said_by(seal),
        "digest": seal.digest,
    }
