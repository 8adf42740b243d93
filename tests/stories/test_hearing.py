"""A hearing over both networks: told, asked for outside, set, held; the decision refers to its record."""

import re
from datetime import timedelta

from django.utils import timezone

from tests.stories import acts
from tests.two_sites import Hall, pdf_text

HELD_LATER = """
from datetime import datetime
from applications import actors, services
from applications.models import Application
from django.utils import timezone
from identity.models import User
pk = Application.objects.get(number="{number}").pk
who = actors.staff(User.objects.get(username="gaoyuan"))
at = timezone.make_aware(datetime.fromisoformat("{day} 15:00"))
services.perform(pk, "hold_hearing", actor=who, seen=None, at=at, record="双方质证完毕。", confirmed_by="申请人")
services.perform(pk, "grant", actor=who, seen=None, at=at, opinion="同意")
"""


def test_decided_on_the_record_of_a_hearing(hall: Hall) -> None:
    """C15."""
    agent = acts.log_in(hall, "outer", "zhaomin")
    case = acts.file_application(agent, "food-business-licence", acting_for="青禾餐饮")
    hall.to_inner()
    clerk, approver = acts.log_in(hall, "inner", "sunli"), acts.log_in(hall, "inner", "gaoyuan")
    acts.decide(clerk, case.number, "accept")
    acts.decide(clerk, case.number, "pass_on")
    reviewer = acts.log_in(hall, "inner", "chengang")
    acts.decide(reviewer, case.number, "pass_on", opinion="已核查")
    acts.decide(reviewer, case.number, "pass_on", opinion="已审核")
    acts.decide(approver, case.number, "tell_hearing", reason="直接涉及他人重大利益")
    assert "grant" not in acts.buttons(approver, case.number)
    hall.to_outer()

    page = agent.get(f"{case.url}hearing/")
    assert "不收费" in page.text
    assert "已送出" in agent.submit(page.form(button="确认申请听证"), {"reason": "想当面说明"}).text
    hall.to_inner()
    assert "grant" not in acts.buttons(approver, case.number)

    day = timezone.localdate() + timedelta(days=20)  # seven working days ahead even over a long holiday
    notice = {"set_for": f"{day}T09:30", "place": "三楼听证室"}
    refused = approver.get(f"/work/{case.number}/moves/set_hearing/")
    page = approver.submit(refused.form(holds="seen"), {**notice, "presider": "chengang"}, status=422)
    assert "不能主持听证" in page.text
    acts.decide(approver, case.number, "set_hearing", **notice, presider="sunli")
    hall.to_outer()
    assert "三楼听证室" in agent.get(case.url).text

    hall.inner.manage("shell", "-c", HELD_LATER.format(number=case.number, day=day))
    hall.to_outer()
    page = agent.get(case.url)
    assert "听证已于" in page.text
    decision = re.sub(r"\s", "", pdf_text(agent.get(page.link("准予行政许可决定书")).content))
    assert "听证笔录作出" in decision
    acts.level(hall)
