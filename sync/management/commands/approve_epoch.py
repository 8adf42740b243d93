from typing import Any

from django.core.management.base import CommandParser

from sync import intake, new_epochs, reports
from sync.management.command import SyncCommand

SHOWN = 20


class Command(SyncCommand):
    help = (
        "核对对端的新纪元。不带 --approve 时只显示两端的差异；批准以后才应用对端的新批次，并把对端丢失的内容退还给它。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--approve", action="store_true", help="已与对端管理员电话核对，同意")
        parser.add_argument("--by", default="", metavar="NAME", help="批准人")
        parser.add_argument("--give-up-lost", action="store_true", help="不退还对端丢失的内容（归档文件已找不回来）")

    def run(self, **options: Any) -> int:
        change = new_epochs.waiting()
        if change is None:
            raise new_epochs.NothingToApprove("没有等待批准的新纪元。")
        found = new_epochs.differences(change, SHOWN)
        counts = {"known": found.known, "lost": found.lost, "changed": found.changed}
        lines = [
            f"对端开始了第 {change.stream.number} 纪元（流 {change.stream.epoch}），原因：{change.reason}",
            f"对端列出 {change.listed} 条事实：本端已有 {found.known} 条（不再应用），本端没有 {change.fresh} 条（将应用）",
            f"本端有而对端丢失的 {found.lost} 条（批准后退还对端）：",
            *_named(found.first_lost),
            f"对端重新产生、内容不同的 {found.changed} 条（批准后也应用，两份都保留，请逐件核对）：",
            *_named(found.first_changed),
        ]
        if options["approve"]:
            new_epochs.approve(options["by"], give_up_lost=options["give_up_lost"])
            lines += ["已批准。", *reports.sentences(intake.open_files([]))]
        else:
            lines.append("尚未批准。与对端管理员电话核对后，加 --approve --by 姓名 再运行。")
        data = counts | {"number": change.stream.number, "fresh": change.fresh, "listed": change.listed}
        self.show("\n".join(lines), data | {"approved": options["approve"]}, as_json=options["json"])
        return 0


def _named(facts: Any) -> list[str]:
    return [f"  {fact.key} 第 {fact.agg_version} 条" for fact in facts]
