"""Explain batch files without a database: ``python -m sync.verify FILE [FILE …] [--card CARD …] [--data-dir DIR --side SIDE]``.

Needs no Django settings. With the sender's card it checks signatures; with the recipient's key folder it decrypts and
checks every record.
"""

import argparse
import hashlib
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sync import key_files, keys
from sync.batch_file import BatchFile, WholeBatch
from sync.durable import explain
from sync.frames import Blob
from sync.keys import Card, SiteKeys
from sync.reading import RecordReader
from sync.reasons import CannotProceed, Refused


@dataclass(frozen=True, slots=True)
class Known:
    """Whose signatures can be checked, and whose batches can be decrypted."""

    cards: list[Card]
    own: SiteKeys | None = None
    revoked: list[Card] = field(default_factory=list)

    @classmethod
    def of_site(cls, data_dir: Path, side: str) -> "Known":
        """What is in the key folder of a site."""
        own = keys.load(data_dir, side, key_files.passphrase_from(os.environ))
        return cls([*keys.remembered_peers(data_dir), own.card], own, keys.revoked_peers(data_dir))


@dataclass(slots=True)
class Report:
    """Lines for people, facts for machines."""

    lines: list[str] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    code: str = ""

    @property
    def exit_code(self) -> int:
        """0 good, 3 refused."""
        return 3 if self.code else 0

    def as_json(self) -> dict[str, object]:
        """For ``--json``."""
        return {"ok": not self.code, "code": self.code, **self.facts, "lines": self.lines}


def examine(path: Path, known: Known, *more: Path) -> Report:
    """Check everything that can be checked with what is known, and say how far it got.

    ``more`` are the other volumes of the same batch, in any order; without them only this volume is checked.
    """
    report = Report()
    try:
        with ExitStack() as stack:
            handles = [stack.enter_context(one.open("rb")) for one in (path, *more)]
            cards = [*known.cards, *known.revoked]
            files = sorted((BatchFile(handle, cards) for handle in handles), key=lambda file: file.volume.vol)
            for file in files:
                _describe_volume(report, file)
                if file.signer in known.revoked:
                    raise Refused("key_revoked", f"密钥 {file.signer.sign_id}")
                file.check_data()
                report.lines.append("数据部分：与签名一致")
            if files[-1].volume.last:
                _describe(report, files[-1])
                _check_content(report, files, known.own)
            else:
                report.lines.append("内容：本批的末卷不在其中，未检查")
    except Refused as refusal:
        report.code = refusal.code
        report.lines.append(f"有问题 [{refusal.code}]：{refusal.sentence}")
    except OSError as error:
        report.code = "unreadable"
        report.lines.append(explain(error))
    else:
        report.lines.append("结论：完好")
    return report


def _describe_volume(report: Report, file: BatchFile) -> None:
    volume = file.volume
    report.facts.setdefault("volume", volume.model_dump(exclude_none=True))
    report.lines += [
        f"套件：{volume.suite}",
        f"签名：有效，{file.signer.side}，指纹 {file.signer.fingerprint}",
        f"方向：{volume.sender} → {volume.recipient}，流 {volume.stream}，第 {volume.seq} 批，"
        f"第 {volume.vol} 卷{'（末卷）' if volume.last else ''}",
    ]


def _describe(report: Report, file: BatchFile) -> None:
    batch = file.batch
    report.facts["batch"] = batch.model_dump()
    kinds = "、".join(f"{kind.topic} v{kind.version} × {kind.count}" for kind in batch.kinds) or "无"
    report.lines += [
        f"记录：第 {batch.rseq_first} 至 {batch.rseq_last} 条，共 {batch.records} 条（{kinds}）",
        f"附件：{batch.blobs.count} 个，{batch.blobs.bytes} 字节；共 {len(batch.volumes)} 卷",
        f"前一批：{batch.prev[:16] or '（首批）'}，本批：{batch.content_root[:16]}",
        f"回执：{'、'.join(f'流 {r.stream[:8]} 已应用到第 {r.applied_seq} 批' for r in batch.receipts) or '无'}",
    ]


def _check_content(report: Report, files: list[BatchFile], own: SiteKeys | None) -> None:
    if len(files) == 1 and not files[0].is_alone:
        report.lines.append("内容：要检查内容，请把本批各卷一起给出，此处未检查")
        return
    if files[-1].sealed and (own is None or not files[-1].readable_by(own)):
        report.lines.append("内容：只有收件方能解密，此处未检查")
        return
    whole = WholeBatch(files)
    contents = whole.contents(own)
    for blob in contents.blobs():
        _check_blob(blob)
    reader = RecordReader(whole.batch)
    for block in contents.blocks():
        for _ in reader.numbered(block):
            pass
    reader.check_end()
    report.lines.append(f"内容：{'已解密' if files[-1].sealed else '未加密'}，记录链与附件核对无误")


def _check_blob(blob: Blob) -> None:
    digest = hashlib.sha256()
    for piece in blob.pieces:
        digest.update(piece)
    if digest.hexdigest() != blob.sha256:
        raise Refused("blob_damaged", blob.sha256)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m sync.verify", description="检查并解释一个批次的文件。")
    parser.add_argument("file", type=Path, nargs="+", help="批次文件；一批有多卷时一起给出")
    parser.add_argument("--card", type=Path, action="append", default=[], help="发送方的身份文件，可多次给出")
    parser.add_argument("--data-dir", type=Path, help="站点数据文件夹（其中有 keys）")
    parser.add_argument("--side", choices=["outer", "inner"], help="该文件夹属于哪一端")
    options = parser.parse_args(arguments)
    try:
        known = Known([keys.read_card(path.read_bytes()) for path in options.card])
        if options.data_dir and options.side:
            site = Known.of_site(options.data_dir, options.side)
            known = Known([*known.cards, *site.cards], site.own, site.revoked)
    except CannotProceed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    report = examine(options.file[0], known, *options.file[1:])
    sys.stdout.write("\n".join(report.lines) + "\n")
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
