"""Whether this may be filed about this licence, by this applicant, today. Each answer is a sentence; empty when it may."""

from datetime import date

from applications import bars, licence_terms
from applications.models import Application, Licence
from applications.models.application import Purpose
from applications.models.licence import LicenceState
from applications.states import OPEN, State
from identity.fields import keyed_hash
from matters.models import Matter


def renewal_refusal(licence: Licence, today: date) -> str:
    """Why renewal of this licence cannot be asked for today."""
    if licence.valid_to is None:
        return "这份证照长期有效，不用延续。"
    return _unusable(licence, today, "延续") or _running(licence, Purpose.RENEWAL)


def change_refusal(licence: Licence, today: date) -> str:
    """Why a change of this licence cannot be asked for today."""
    return _unusable(licence, today, "变更") or _running(licence, Purpose.CHANGE)


def late_warning(licence: Licence, today: date) -> str:
    """What somebody is told who asks for renewal later than thirty days before expiry: taken, but silence does not renew."""
    last = licence_terms.ask_until(licence)
    if last is None or today <= last:
        return ""
    return (
        f"延续应当在有效期届满三十日前，也就是 {last.year}年{last.month}月{last.day}日以前提出（行政许可法第五十条）。现在仍然可以申请，"
        "由机关决定是否准予；届满时还没有决定的，不会视为准予延续，证照到期失效。"
    )


def problems(case: Application, today: date) -> dict[str, str]:
    """What stops the submission of a draft beside what is missing in it: field → sentence."""
    found = {}
    barred = bars.is_barred(case.applicant_id_hash, case.matter, today)
    if barred:
        found["barred"] = bars.sentence(barred)
    licence = case.about_licence
    if licence is not None:
        word = case.get_purpose_display()
        said = _unusable(licence, today, word) or _running(licence, Purpose(case.purpose))
        if said:
            found["licence"] = said
    return found


def barred_sentence(identifier: str, matter: Matter, today: date) -> str:
    """The sentence for somebody with this ID number or credit code who may not apply again."""
    bar = bars.is_barred(keyed_hash(identifier), matter, today) if identifier else None
    return bars.sentence(bar) if bar else ""


def _unusable(licence: Licence, today: date, word: str) -> str:
    if licence.standing != LicenceState.VALID:
        return f"这份证照{licence.get_standing_display()}，不能申请{word}。需要继续从事这项活动的，请重新申请。"
    if licence.is_expired(today):
        return f"这份证照的有效期已经届满，不能申请{word}。需要继续从事这项活动的，请重新申请。"
    return ""


def _running(licence: Licence, purpose: Purpose) -> str:
    running = licence.later_applications.filter(purpose=purpose, state__in=OPEN)
    decided = (State.GRANTED, State.REFUSED, State.DELIVERED)
    case = running.exclude(state__in=decided).first()
    return f"这份证照的{purpose.label}申请（{case.number}）正在办理，不用再次申请。" if case else ""
