"""C13 下级初审 (行政许可法 35, 43): twenty working days, then opinion and whole file go up."""

import io
import json
import zipfile

import pytest

from applications import handing_up
from applications.models import Application
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.helpers import move
from tests.people import login


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    """Taken by the county, decided by the province."""
    return factories.matter(market_bureau, handling_level={"level": "2"})


def test_twenty_working_days_from_acceptance(in_review: Application) -> None:
    """C13: a clock of its own."""
    assert in_review.clocks.get(kind="first").due.isoformat() == "2026-03-31"


def test_the_whole_file_goes_up(in_review: Application, reviewer: User) -> None:
    """C13: papers, opinion and a summary that names every file."""
    case = move(in_review, "transfer_up", by=reviewer)
    with zipfile.ZipFile(io.BytesIO(handing_up.package(case))) as archive:
        told = json.loads(archive.read("case.json"))
        names = set(archive.namelist())
    assert (told["opinion"], told["upper_organ"]) == ("初审同意。", "省级主管部门")
    assert {one["path"] for one in told["files"] if one["here"]} == names - {"case.json"}
    assert any(name.startswith("materials/plan/") for name in names)
    assert not case.clocks.filter(stopped_on=None).exists()


def test_downloaded_by_its_department_only(in_review: Application, reviewer: User, outsider: User) -> None:
    """C13: not before it was handed up, not by others."""
    address = f"/work/{in_review.number}/handed-up.zip"
    assert login(reviewer).get(address).status_code == 404
    move(in_review, "transfer_up", by=reviewer)
    assert login(reviewer).get(address)["Content-Type"] == "application/zip"
    assert login(outsider).get(address).status_code == 404
