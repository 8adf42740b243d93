"""What this site had told the other before its database was restored from a backup, and gets back from there.

What never crossed stays lost: drafts and reviews of guides, who changed what, and the records of data sets as departments
delivered them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F
from django.db.models.functions import Greatest

from matters.dailies import SEARCHES_COUNTED, VISITS_COUNTED
from matters.datasets import sync_handlers as dataset_handlers
from matters.datasets.catalogue import describe
from matters.datasets.sending import PUBLISHED, ROWS
from matters.joint import sync_handlers as joint_handlers
from matters.joint.publishing import JOINT_PUBLISHED
from matters.models import DataSet, DataSetVersion, DayTold, GuideVersion, JointVersion, Matter
from matters.publishing import MATTER_PUBLISHED
from matters.sync_handlers import keep_matter
from matters.word_handlers import keep_searches, keep_visits
from sync.registry import Fact, Reject, restores


@restores(MATTER_PUBLISHED)
def matter_again(fact: Fact) -> None:
    """The guide was published or withdrawn; the backup may hold the draft that it was."""
    _publish_draft(GuideVersion, fact.payload["version"])
    keep_matter(fact)


@restores(JOINT_PUBLISHED)
def joint_again(fact: Fact) -> None:
    """The package was published or withdrawn; the backup may hold the draft that it was."""
    _publish_draft(JointVersion, fact.payload["version"])
    joint_handlers.keep_joint(fact)


def _publish_draft(model: type[GuideVersion] | type[JointVersion], said: Mapping[str, Any]) -> None:
    draft = model.objects.filter(uid=said["uid"], published_at=None).first()
    if draft is None:
        return
    draft.state, draft.content, draft.digest = model.State.PUBLISHED, said["content"], said["digest"]
    draft.effective_on = date.fromisoformat(said["effective_on"])
    draft.published_at, draft.published_by_name = said["published_at"], said["published_by_name"]
    draft.save()


@restores(PUBLISHED)
def dataset_again(fact: Fact) -> None:
    """The definition was published or withdrawn, and new records are made by it."""
    told, said = fact.payload["dataset"], fact.payload["version"]
    DataSetVersion.objects.filter(
        dataset__uid=told["uid"], number=said["number"], state=DataSetVersion.State.DRAFT
    ).update(content=said["content"], digest=said["digest"])
    version = dataset_handlers.keep_definition(fact)
    if said["state"] == DataSetVersion.State.PUBLISHED and version.state != DataSetVersion.State.WITHDRAWN:
        version.state, version.published_at = DataSetVersion.State.PUBLISHED, said["published_at"]
        version.published_by_name = said["published_by_name"]
        version.save()
        dataset = DataSet.objects.get(uid=told["uid"])
        dataset.current = version
        describe(dataset, version.definition)
        dataset.save()


@restores(ROWS)
def rows_again(fact: Fact) -> None:
    """Records were sent masked, with secrets hashed: what they were cannot be made of that. The register fills itself and is
    sent whole when all is back; of the others only the number of the load is kept, since the other side takes no number twice, and the set is marked as one to be loaded again.
    """
    said = fact.payload
    dataset = DataSet.objects.filter(uid=said["dataset"]).first()
    if dataset is None:
        raise Reject("本地没有这个数据集的定义，请先处理它前面的记录。")
    dataset.load_number = max(dataset.load_number, said["load"])
    final = said["final"]
    if dataset.built_in or (final and dataset.stock.count() != final["total"]):
        dataset.loaded_at = None
    dataset.save(update_fields=["load_number", "loaded_at"])


@restores(SEARCHES_COUNTED)
def searches_again(fact: Fact) -> None:
    """The day was told of."""
    _note_told(SEARCHES_COUNTED, keep_searches(fact))


@restores(VISITS_COUNTED)
def visits_again(fact: Fact) -> None:
    """The day was told of, and up to these numbers."""
    _note_told(VISITS_COUNTED, keep_visits(fact))
    for row in fact.payload["rows"]:
        told = Greatest(F("visits_told"), row["total"])
        Matter.objects.filter(uid=row["matter"]).update(visits_told=told)


def _note_told(topic: str, day: date) -> None:
    DayTold.objects.get_or_create(topic=topic, day=day)
