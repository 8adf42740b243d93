"""Part of the nightly check of the catalogue: the forms that this app makes from a guide can be made."""

from collections.abc import Iterator
from datetime import date

from applications.documents.form_files import PAGES
from matters.models import CatalogueFinding, Matter
from matters.nightly_checks import GENERATED, guide_in_force
from matters.upkeep import Found, nightly

# What a form's data can make go wrong while it is laid out.
FAULTS = (ArithmeticError, LookupError, TypeError, ValueError)


@nightly
def check_generated_forms(matter: Matter, today: date) -> Iterator[Found]:
    """The blank form and the filled sample of a guide that says they are generated."""
    version = guide_in_force(matter)
    downloads = version.guide.form_downloads
    for which, what in (("blank", "空白表"), ("sample", "填写样表")):
        if version.form.sections and any(getattr(download, which) == GENERATED for download in downloads):
            try:
                PAGES[which](version.content)
            except FAULTS as error:
                yield Found(
                    CatalogueFinding.Kind.FORM,
                    f"{what}生成不出来（{type(error).__name__}：{error}），请检查在线申请表。",
                )
