"""The other site as the victim of a theft: its root key, its new keys, and the thief who has the old ones."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from sync import canonical, keys, peers, root_key, trust, trust_files
from tests.sync.peer import Peer

SECRET = "一条够长的口令 with spaces"


class Victim:
    """``peer`` enrolled with a root; ``replaced`` are its keys after the theft."""

    def __init__(self, peer: Peer, folder: Path) -> None:
        self.peer, self.folder, self.suite = peer, folder, peer.keys.card.suite
        root_key.make(folder / "medium", peer.home, SECRET)
        self.root = root_key.load(folder / "medium", self.suite, SECRET)
        peer.keys = keys.load(peer.home, peer.keys.card.side)
        self.stolen = peer.keys
        keys.create(folder / "new", "outer", self.suite)
        self.replaced = keys.load(folder / "new", "outer")
        peers.enrol(self.stolen.card, self.stolen.card.fingerprint, replace=True)

    def revoked(self, from_seq: int | None = None, public: str = "", use: str = "sign") -> dict[str, Any]:
        """An entry for the stolen signature key."""
        fields = {"use": use, "public": public or self.stolen.card.sign, "reason": "服务器被入侵"}
        place = {"stream": str(self.peer.stream), "from_seq": self.peer.seq + 1 if from_seq is None else from_seq}
        return fields | place | {"at": canonical.moment(timezone.now())}

    def fields(self, version: int = 1, **changes: Any) -> dict[str, Any]:
        """What the trust file says."""
        revoked = [self.revoked()]
        if self.stolen.card.seal:
            revoked.append(self.revoked(0, self.stolen.card.seal, "seal") | {"stream": ""})
        card = self.replaced.card
        fields = {"format": trust.FORMAT, "side": "outer", "suite": self.suite, "version": version}
        fields |= {"sign": card.sign, "seal": card.seal, "revoked": revoked}
        return fields | {"issued_at": canonical.moment(timezone.now())} | changes

    def trust(self, version: int = 1, **changes: Any) -> bytes:
        """A trust file."""
        statement = trust.Trust.model_validate(self.fields(version, **changes))
        return trust_files.pack(statement, self.root)

    def signed(self, fields: dict[str, Any]) -> bytes:
        """A trust file that says anything, properly signed."""
        body = canonical.encode(fields)
        return self.root.sign(trust_files.CONTEXT, body).hex().encode() + b"\n" + body + b"\n"

    def go_on(self) -> None:
        """From now on the peer signs with its new keys."""
        self.peer.keys = self.replaced
