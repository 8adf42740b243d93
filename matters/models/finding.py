"""The index that search reads. It repeats what the guides in force say and can be built anew at any time."""

from django.db import models

from matters.models.catalogue import Matter


class Findable(models.Model):
    """A published matter in the index: its slot, the bit that stands for it, and the texts that it is found by."""

    matter = models.OneToOneField(Matter, models.CASCADE, related_name="findable", verbose_name="事项")
    slot = models.PositiveIntegerField("位置", unique=True)
    # One text a line: kind, text, pinyin syllables; tabs between. Read for the rows of one page only.
    names = models.TextField("名称和俗称")
    places = models.TextField("其他文字")

    def __str__(self) -> str:
        return f"{self.matter_id} @ {self.slot}"


class SearchSet(models.Model):
    """Which slots of a chunk have a gram or a property (matters.search.text says what a gram is, matters.search.bits what
    slots, chunks and bits are)."""

    class Kind(models.TextChoices):
        GRAM = "g", "字组"
        FACET = "f", "分面"

    kind = models.CharField(max_length=1, choices=Kind.choices)
    key = models.CharField(max_length=100)
    chunk = models.PositiveIntegerField()
    bits = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "chunk"], name="search_set_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.chunk}"


class SearchState(models.Model):
    """One row: who writes the index locks it, who reads it sees by the stamp whether what it remembers still holds."""

    form = models.PositiveIntegerField("索引格式", default=0)
    first_slot = models.PositiveIntegerField("第一个位置", default=0)
    next_slot = models.PositiveIntegerField("下一个位置", default=0)
    stamp = models.CharField("版本", max_length=32, blank=True)

    def __str__(self) -> str:
        return self.stamp
