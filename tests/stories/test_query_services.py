"""A keeper loads a table, the public asks for it on the other side; what is withdrawn is gone there. Real sites, real batches."""

from tests.stories import acts
from tests.two_sites import Hall

HEADING = "药店名称,街道（镇）,慢性病用药,电话,地址,驻店药师,签约日期,机构编码"
FAULTY = f"{HEADING}\r\n云川市新芽大药房,云溪街道,支持,打总机,云川市云溪街道望江路1号,赵无名,昨天,P-NEW-1\r\n"
RIGHT = (
    f"{HEADING}\r\n云川市新芽大药房,云溪街道,支持,0889-5551234,云川市云溪街道望江路1号,赵无名,2026-03-02,P-NEW-1\r\n"
)


def test_a_table_crosses_and_is_asked(hall: Hall) -> None:
    hall.to_outer()
    public = hall.visitor(hall.outer)
    assert "没有查到" in public.get("/query/designated-pharmacies/?name=新芽").text

    keeper = acts.log_in(hall, "inner", "zhouning")
    page = keeper.get("/catalogue/datasets/")
    page = keeper.get(keeper.get(page.link("定点零售药店")).link("装入数据"))
    form = page.form(button="上传并检查")
    page = keeper.submit(form, {"mode": "upsert"}, files={"file": ("药店.csv", FAULTY.encode("gb18030"))})
    assert "有 2 处问题" in page.text
    assert "打总机" in page.text
    page = keeper.submit(form, {"mode": "upsert"}, files={"file": ("药店.csv", RIGHT.encode("gb18030"))})
    assert "检查通过" in page.text
    assert "已装入" in keeper.submit(page.form(button="装入", action="/data/")).text
    hall.to_outer()

    found = public.get("/query/designated-pharmacies/?name=新芽")
    assert "共 1 条记录" in found.text
    record = public.get(found.link("云川市新芽大药房"))
    assert "赵*" in record.text
    assert "赵无名" not in record.text
    assert "云川市新芽大药房" in public.get("/query/all/?q=新芽").text
    rows = public.session.get(f"{hall.outer.url}/api/v1/public/datasets/designated-pharmacies/records/?code=P-NEW-1")
    assert rows.json()["count"] == 1


def test_withdrawn_is_gone_outside(hall: Hall) -> None:
    hall.to_outer()
    public = hall.visitor(hall.outer)
    assert "要和登记的完全一致" in public.get("/query/skill-subsidies/").text
    publisher = acts.log_in(hall, "inner", "xuzhuo")
    page = publisher.get(publisher.get("/catalogue/datasets/").link("职业技能提升补贴发放"))
    page = publisher.get(page.link("撤回"))
    publisher.submit(page.form(button="撤回"), {"reason": "台账正在核对。"})
    hall.to_outer()
    public.get("/query/skill-subsidies/", status=404)
    assert "职业技能提升补贴发放" not in public.get("/query/").text
