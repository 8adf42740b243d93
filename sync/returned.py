"""Reserved topics: what begins an epoch needs no handling, what comes back from the peer goes to whoever can restore it."""

from django.db.models import F, Value
from django.db.models.functions import Greatest

from sync import canonical, chain, dead_letters, registry, rejections, rows, sealer
from sync.epoch_records import ALL_RETURNED, LISTED, RETURNED, STARTED
from sync.models import Aggregate, Outbox
from sync.registry import Fact, Reject, handles, restores


@handles(STARTED)
def started(fact: Fact) -> None:
    """Compared and approved before it is applied."""


@handles(LISTED)
def listed(fact: Fact) -> None:
    """Compared and approved before it is applied."""


@handles(RETURNED)
def returned(fact: Fact) -> None:
    """A fact of this side that a restored backup lost: do again what it did here, and have it among the sent ones again."""
    line = canonical.encode(fact.payload["record"])
    record = chain.from_line(line)
    if _is_here(record, chain.digest(line)):
        return
    restore = registry.find_restore(record.topic, record.version)
    if restore is None:
        raise Reject(
            f"本端恢复备份时丢失了 {record.key} 的“{record.topic}”，对端已退还，但程序没有自动补回它的办法。"
            "请按对端的记录人工补录，再放弃这条记录。"
        )
    version, again = restore
    again(registry.fact_of(record, version))
    rows.insert(
        Outbox(
            topic=record.topic,
            version=record.version,
            key=record.key,
            agg_version=record.agg_version,
            payload=canonical.encode(record.payload).decode(),
            blobs=record.blobs,
            occurred_at=record.occurred_at,
            returned=True,
        )
    )
    Aggregate.objects.get_or_create(key=record.key, defaults={"version": 0})
    Aggregate.objects.filter(key=record.key).update(version=Greatest(F("version"), Value(record.agg_version)))


@handles(ALL_RETURNED)
def all_returned(fact: Fact) -> None:
    """The peer has given back everything that it has of what this side lost; the importer lets what waited go on when it has
    tried again what had failed."""


@restores(ALL_RETURNED)
@restores(RETURNED)
def returned_again(fact: Fact) -> None:
    """What we had given back is lost here too: the peer has it, it only goes back among the sent ones."""


@restores(rejections.TOPIC)
def rejected_again(fact: Fact) -> None:
    """A record of the peer was given up here, and the backup does not know it: if it failed again, it is given up again."""
    said = rejections.RecordRejected.model_validate(dict(fact.payload))
    dead_letters.dismiss_again(said.stream, said.rseq, said.reason)


def _is_here(record: chain.Record, name: str) -> bool:
    same = Outbox.objects.filter(key=record.key, agg_version=record.agg_version).exclude(payload="")
    return any(chain.digest(sealer.line_of(row)) == name for row in same)
