"""Who runs the site and how to reach them: the page foot that 国办发〔2017〕47号 asks for."""

from collections.abc import Mapping

FIELDS = (
    *("name", "phone", "email", "address", "hours", "site_code", "icp", "police"),
    *("name_en", "address_en", "hours_en"),
)

# Invented, for the demo city only.
DEMO = {
    "name": "云川市政务服务管理局（演示）",
    "name_en": "Yunchuan Government Services Bureau (demo)",
    "phone": "0889-5550700",
    "email": "service@yunchuan.example",
    "address": "云川市云溪街道政务路 1 号 市民服务中心",
    "hours": "周一至周五 9:00-12:00，13:30-17:00",
    "address_en": "Citizens' Service Centre, 1 Zhengwu Road, Yunxi Subdistrict, Yunchuan",
    "hours_en": "Monday to Friday 9:00-12:00 and 13:30-17:00",
    "site_code": "0000000000",
}


def read(env: Mapping[str, str], demo: bool) -> dict[str, str]:
    """``HALL_SPONSOR_NAME``, ``HALL_SPONSOR_PHONE`` …; a line that is not set is not shown."""
    known = DEMO if demo else {}
    return {field: env.get(f"HALL_SPONSOR_{field.upper()}", known.get(field, "")) for field in FIELDS}


def in_language(sponsor: Mapping[str, str], language: str) -> dict[str, str]:
    """The same lines, in English where an English one is given."""
    if language != "en":
        return dict(sponsor)
    return {field: sponsor.get(f"{field}_en") or words for field, words in sponsor.items()}
