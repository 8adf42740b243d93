"""Read the demo city's files: ``city.json`` (departments, staff, people, enterprises) and one guide per matter."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

HERE = Path(__file__).resolve().parent
GUIDES = HERE / "guides"
# What the guide files call the public portal; the loader puts this hall's own address in its place.
PORTAL_IN_FILES = "http://127.0.0.1:8000/"


class OfficeEntry(BaseModel):
    """A division of a department."""

    name: str
    phone: str


class DepartmentEntry(BaseModel):
    """An invented organ."""

    code: str
    name: str
    short_name: str
    uscc: str
    org_nature: str
    phone: str
    address: str
    offices: list[OfficeEntry]
    coordinates: bool = False


class PostEntry(BaseModel):
    """A role in a department."""

    department: str
    role: str
    office: str = ""


class StaffEntry(BaseModel):
    """A member of staff; ``listed`` ones are shown on the demo's log-in page."""

    username: str
    name: str
    posts: list[PostEntry]
    can: str
    listed: bool


class PersonEntry(BaseModel):
    """An applicant. The number begins with a province, which no resident's does, so it is nobody's."""

    username: str
    name: str
    id_number: str
    phone: str
    can: str
    listed: bool


class EnterpriseEntry(BaseModel):
    """An enterprise with its manager and agents (user names)."""

    name: str
    uscc: str
    legal_representative: str
    address: str
    manager: str
    agents: list[str]


class City(BaseModel):
    """The whole demo city, without its guides."""

    city: str
    city_en: str
    region: str
    password: str
    publisher: str
    departments: list[DepartmentEntry]
    staff: dict[str, list[StaffEntry]]
    people: list[PersonEntry]
    enterprises: list[EnterpriseEntry]

    def department(self, code: str) -> DepartmentEntry:
        """The department with this code; StopIteration when there is none."""
        return next(department for department in self.departments if department.code == code)


@lru_cache(maxsize=1)
def load() -> City:
    """The city as its file says."""
    return City.model_validate_json((HERE / "city.json").read_text(encoding="utf-8"))


def guide_files() -> list[Path]:
    """The guide files, one a matter, in a fixed order."""
    return sorted(GUIDES.glob("*.json"))


def guide_content(path: Path, portal: str = PORTAL_IN_FILES) -> dict[str, Any]:
    """A guide file's content with the address of the hall's own portal."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    address = content["guide"]["service_address"]
    address["online_url"] = address["online_url"].replace(PORTAL_IN_FILES, f"{portal.rstrip('/')}/")
    return content
