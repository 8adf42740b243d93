"""What the office had done and a backup lost: done again from what the outer side was told of it.

What stayed inside is lost for good: opinions, the names of officers, notes, labels, who came to the window, alerts.
"""

from applications import register, sync_handlers
from applications.counter import handlers as counter_handlers
from applications.documents import issue
from applications.licence_handlers import licence_changed
from applications.models import Application, Document, Licence, Request
from applications.models.document import DocumentState
from applications.models.request import RequestState
from applications.restored import acts_again, numbers
from applications.restored.common import case_of, is_known, moment, settle_if_done
from applications.talking import booking_handlers
from matters.datasets import builtin
from sync.registry import Fact, Reject, restores

# As the outer side keeps it, so the office had it.
restores("counter.published")(booking_handlers.counter_published)


@restores("application.filed_inside")
def filed_again(fact: Fact) -> None:
    """A case was filed at a window; who came, and what that person showed, is lost unless the backup holds the draft."""
    before = case_of(fact.payload["uid"])
    if before is not None and not before.is_draft:
        return
    if before is not None:
        before.presented.all().delete()
    counter_handlers.keep_filed(fact.payload, onto=before)
    numbers.note_application(fact.payload["number"])


@restores("application.asked_inside")
def asked_again(fact: Fact) -> None:
    """Something was asked at a window."""
    if not is_known(fact.payload["uid"]):
        settle_if_done(counter_handlers.keep_asked(fact.payload))


@restores("application.moved")
def moved_again(fact: Fact) -> None:
    """A case was moved. Opinions and the names of officers are lost: they stayed inside."""
    said = fact.payload
    case = Application.objects.filter(uid=said["uid"]).first()
    if case is None or case.version < said["version"]:
        sync_handlers.replay_move(said)
        return
    here = case.events.filter(is_move=True, version=said["version"]).first()
    if here is None or (here.action, here.to_state) != (said["action"], said["to_state"]):
        raise Reject(
            f"申请 {case.number} 的第 {said['version']} 次变动，恢复以后已经另行办理，与恢复以前的不同。"
            "请按外网的记录核对，再放弃这条记录。"
        )


@restores("request.answered")
def answered_again(fact: Fact) -> None:
    """What was asked was refused, or answered without a move."""
    if not Request.objects.filter(uid=fact.payload["uid"]).exclude(standing=RequestState.SENT).exists():
        sync_handlers.answered(fact)


@restores("document.issued")
def document_again(fact: Fact) -> None:
    """A document was made; the backup may hold it without its file."""
    said = fact.payload
    document = Document.objects.select_related("application__department").filter(uid=said["uid"]).first()
    if document is None:
        document = sync_handlers.keep_document(said)
    elif document.state != DocumentState.READY:
        document.state, document.blob, document.failure = DocumentState.READY, said["blob"], ""
        document.rendered_at = moment(said["rendered_at"]) if said["rendered_at"] else None
        document.save(update_fields=["state", "blob", "failure", "rendered_at"])
        issue.record_issue(document)
    numbers.note_document(document.application.department, document.number)


@restores("licence.changed")
def licence_again(fact: Fact) -> None:
    """A licence began, changed or ended; the register is brought up to date."""
    before = Licence.objects.filter(uid=fact.payload["uid"]).first()
    licence_changed(fact)
    licence = Licence.objects.select_related("application").get(uid=fact.payload["uid"])
    acts_again.licence_ended_again(licence, before, fact.occurred_at)
    builtin.send_anew_later(register.SLUG)
    register.enter_all(licence)
