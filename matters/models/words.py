"""The words people search with: synonyms kept by staff, and what was typed, counted by day."""

from django.db import models


class Synonym(models.Model):
    """People say ``word`` where the guides say ``means``. Kept on the inner side; the outer side has a copy."""

    word = models.CharField("大家的说法", max_length=20)
    means = models.CharField("指南里的说法", max_length=20)
    # How the word sounds, so that it is found by pinyin too; empty for words without Chinese.
    pinyin = models.CharField(max_length=150, blank=True, editable=False)
    initials = models.CharField(max_length=20, blank=True, editable=False)
    added_by = models.CharField("添加人", max_length=100, blank=True)
    added_at = models.DateTimeField("添加时间")

    class Meta:
        ordering = ["word", "means"]
        constraints = [models.UniqueConstraint(fields=["word", "means"], name="synonym_once")]

    def __str__(self) -> str:
        return f"{self.word} → {self.means}"


class SynonymChange(models.Model):
    """Who added, changed or removed which synonym, when. Inner side."""

    class Action(models.TextChoices):
        ADDED = "added", "添加"
        CHANGED = "changed", "修改"
        REMOVED = "removed", "删除"

    action = models.CharField("做了什么", max_length=7, choices=Action.choices)
    text = models.CharField("同义词", max_length=100)
    by_name = models.CharField("谁", max_length=100)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.by_name} {self.get_action_display()} {self.text}"


class SearchedWord(models.Model):
    """What was typed into the search box on one day, how often, and how often nothing was found. No personal data."""

    day = models.DateField("日期")
    text = models.CharField("搜索词", max_length=40)
    searches = models.PositiveIntegerField("次数", default=0)
    missed = models.PositiveIntegerField("没有找到", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "text"], name="searched_word_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.text}"


class DayTold(models.Model):
    """A day whose counts have been written for the inner side, so that they are written once. Outer side."""

    topic = models.CharField(max_length=50)
    day = models.DateField("日期")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "day"], name="day_told_once")]

    def __str__(self) -> str:
        return f"{self.topic} {self.day}"
