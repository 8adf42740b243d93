"""Finding a case by number, applicant or matter, as fast among a hundred thousand as among a thousand."""

from django.db.models import Q

from applications.models import Application, CaseGram
from matters.models import Matter
from sync import rows

RARE = 2000  # names that share a pair; with more the ordered list itself meets one soon
MATTERS = 200


def index(case: Application) -> None:
    """Note the pairs of characters of the applicant's name. Inside a transaction; once per case."""
    rows.insert_all([CaseGram(gram=gram, application_id=case.pk) for gram in sorted(grams(case.applicant_name))])


def grams(text: str) -> set[str]:
    """The pairs of neighbouring characters, without blanks, small letters."""
    plain = "".join(text.split()).lower()
    return {plain[place : place + 2] for place in range(len(plain) - 1)}


def matching(words: str) -> Q:
    """A condition for cases: the number begins so, or the applicant or the matter has these words in the name."""
    words = words.strip()
    if words.isascii() and words.isdigit():
        return _number_begins(words)
    matters = list(Matter.objects.filter(name__icontains=words).values_list("pk", flat=True)[:MATTERS])
    return _applicant_has(words) | Q(matter__in=matters)


def _number_begins(digits: str) -> Q:
    """A range, which every index can answer; 9 has no next digit, so the bound is the next number of that length."""
    upper = str(int("1" + digits) + 1)
    if upper[0] != "1":  # all nines
        return Q(number__gte=digits)
    return Q(number__gte=digits, number__lt=upper[1:])


def _applicant_has(words: str) -> Q:
    wanted = grams(words)
    if not wanted:  # one character: a family name
        return Q(applicant_name__startswith=words)
    rarest: list[int] | None = None
    for gram in sorted(wanted):
        found = list(CaseGram.objects.filter(gram=gram).values_list("application_id", flat=True)[: RARE + 1])
        if not found:
            return Q(pk__in=[])
        if len(found) <= RARE and (rarest is None or len(found) < len(rarest)):
            rarest = found
    named = Q(applicant_name__icontains=words)
    return named if rarest is None else named & Q(pk__in=rarest)
