"""Which keys both sides use, since when, which are taken back, and what to do about it: for the operator's page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sync import keys, peers, revoked
from sync.keys import SiteKeys
from sync.models import Batch, Peer, PeerKey, Stream
from sync.reasons import CannotProceed
from sync.trust import SIGN, RevokedKey

OLD_DAYS = 400  # a year, and a month to get round to it
ACTIVE, OPENS, REVOKED = "active", "opens", "revoked"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key in the list."""

    own: bool
    use: str
    key_id: str
    state: str
    since: datetime | None
    reason: str = ""

    @property
    def days(self) -> int:
        """How long it is in use, or how long ago it was taken back."""
        return age(self.since)


@dataclass(frozen=True, slots=True)
class Shown:
    """The list, and what is missing or due, in sentences."""

    rows: list[KeyRow]
    advice: list[str]


def read(peer: Peer | None) -> Shown:
    """The keys of this side and of ``peer`` that are in use or taken back; those replaced by plan are history."""
    own = _site_keys()
    at = since(own) if own else None
    listed = _own(own, at) if own else []
    for key in PeerKey.objects.exclude(state=PeerKey.State.RETIRED).order_by("state", "-use", "-pk"):
        began = key.since if key.state == PeerKey.State.ACTIVE else key.ended_at
        row = KeyRow(own=False, use=key.use, key_id=key.key_id, state=key.state, since=began, reason=key.reason)
        listed.append(row)
    return Shown(listed, _advice(own, at, peer))


def days() -> dict[str, int]:
    """Age of each of this side's present keys."""
    own = _site_keys()
    if own is None:
        return {}
    present = ["sync_sign", *(["sync_seal"] if own.opener else [])]
    return dict.fromkeys(sorted(present), age(since(own)))


def since(own: SiteKeys) -> datetime:
    """When this side's present keys came into use: told by what announced them, not by the times of files.

    A folder that came back from a backup has new times.
    """
    sent = Batch.objects.filter(~Q(new_keys=[]) | Q(seq=1), stream__direction=Stream.Direction.OUT)
    noted = list(sent.order_by("pk").values_list("new_keys", "sealed_at"))
    came = [at for new_keys, at in noted if new_keys and new_keys[0]["sign"] == own.card.sign]
    came += [_moment(key) for key in _taken_back()]
    if came:
        return max(came)
    return noted[0][1] if noted else _written(keys.folder(settings.HALL_DATA_DIR) / keys.SIGN_FILE)


def _advice(own: SiteKeys | None, at: datetime | None, peer: Peer | None) -> list[str]:
    said = []
    if own and own.signer.id() in own.revoked:
        said.append(_("作废旧密钥没有办完，不能封装。请再运行一次：manage.py make_keys --replace --reason 原因"))
    if own and own.card.root is None:
        said.append(
            _(
                "本端没有根密钥：密钥一旦泄露，只能靠电话重新登记。请准备加密 U 盘，运行 manage.py make_root --to U 盘上的文件夹。"
            )
        )
    if own and age(at) > OLD_DAYS:
        said.append(_("本端密钥已用 %(n)d 天，建议每年更换一次：manage.py rotate_key") % {"n": age(at)})
    if peer and not peer.root:
        said.append(
            _("登记的对端身份文件里没有根公钥：对端密钥泄露时不能用信任文件。请对端运行 make_root 后重新导出、登记。")
        )
    return said


def age(moment: datetime | None) -> int:
    """Whole days since then."""
    return max(0, (timezone.now() - moment) // timedelta(days=1)) if moment else 0


def _own(own: SiteKeys, at: datetime | None) -> list[KeyRow]:
    listed = [KeyRow(own=True, use="sign", key_id=own.signer.id(), state=ACTIVE, since=at)]
    if own.opener:
        listed.append(KeyRow(own=True, use="seal", key_id=own.opener.id(), state=ACTIVE, since=at))
    gone = {revoked.key_id(key): key for key in _taken_back()}
    listed += [KeyRow(own=True, use="seal", key_id=key.id(), state=OPENS, since=None) for key in own.older_openers]
    listed += [
        KeyRow(own=True, use=key.use, key_id=name, state=REVOKED, since=_moment(key), reason=key.reason)
        for name, key in gone.items()
        if key.use == SIGN or name not in {opener.id() for opener in own.older_openers}
    ]
    return listed


def _taken_back() -> list[RevokedKey]:
    return revoked.read(keys.folder(settings.HALL_DATA_DIR))


def _moment(key: RevokedKey) -> datetime:
    return datetime.fromisoformat(key.at)


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone())


def _site_keys() -> SiteKeys | None:
    try:
        return peers.site_keys()
    except CannotProceed:
        return None
