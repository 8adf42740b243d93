"""Why a batch is refused: a code for machines and a Chinese sentence for the operator."""

REASONS = {
    "unreadable": "文件读不出来，没有收下，原文件留在原处。请检查磁盘和读取权限，或重新拷贝。",
    "not_a_batch": "这不是批次文件。请核对拷贝的是不是对端生成的 .zip 批次文件。",
    "truncated": "文件不完整，可能还没有拷贝完。请重新拷贝整个文件。",
    "zip_structure": "文件的外层结构与批次格式不符，可能被别的软件重新打包过或已损坏。请重新拷贝原文件。",
    "too_large": "文件或其中一部分超过了允许的大小。请联系对端管理员。",
    "bad_crc": "文件内容的校验码不符，拷贝时损坏了。请重新拷贝原文件。",
    "unknown_key": "签名的密钥没有登记，文件没有使用，已留下。如对端刚换过密钥：宣布新密钥的那一批（或信任文件）还没有到，请向对端索取，"
    "它应用以后这个文件会自动再打开，不必再拷。如对端没有换过密钥，请核对来源，并报告安全管理员。",
    "reflected": "这是本端自己发出的批次，应送往对端，不能在本端打开。",
    "bad_signature": "签名验证不通过，文件内容被改动过或已损坏。请重新拷贝原文件；若仍如此，请报告安全管理员。",
    "bad_manifest": "清单不符合批次格式。请联系对端管理员核对软件版本。",
    "wrong_suite": "文件使用的密码套件与登记的不一致。请联系对端管理员。",
    "wrong_sender": "文件声明的发送方与签名密钥的主人不一致。请报告安全管理员。",
    "wrong_recipient": "文件不是发给本端的，或使用了本端已不用的加密密钥。请核对是否拿错了盘。",
    "key_not_valid": "签名密钥对这个批次序号无效。请联系对端管理员核对密钥更换情况。",
    "key_revoked": "文件由已吊销的密钥签名，不可使用。请让对端用新密钥重新生成这一批；若来源可疑，请报告安全管理员。",
    "bad_new_keys": "批次宣布了新密钥，但没有证明对端持有它，或者换了密码套件。请报告安全管理员。",
    "mixed": "文件的各部分不属于同一个批次，可能是拼接出来的。请报告安全管理员。",
    "data_hash": "数据部分与签过名的清单不符，文件损坏或被改动过。请重新拷贝原文件。",
    "cannot_decrypt": "数据部分无法解密。请核对双方登记的密钥，或重新拷贝原文件。",
    "bad_frame": "解密后的数据结构不符合批次格式。请联系对端管理员核对软件版本。",
    "bad_record": "批次中有一条记录不符合格式。请联系对端管理员核对软件版本。",
    "blob_damaged": "批次中的附件与其名称（内容摘要）不符。请联系对端管理员。",
    "content_mismatch": "批次的实际内容与签过名的清单不符（条数、记录链或附件）。请报告安全管理员。",
    "wrong_root": "信任文件不是由登记的对端根密钥签名的，没有使用。请核对来源；若来源可疑，请报告安全管理员。",
    "old_trust": "信任文件比本端已经用过的旧，或者与用过的矛盾，没有使用。请向对端索取最新的一份。",
    "bad_note": "这不是完整的回执、目录或信任文件。请重新拷贝原文件。",
    "bad_request": "请求与其签名不符，或写法不对。请核对双方软件版本和代理设置。",
    "replayed": "请求号以前用过：有人在重放，或对端数据库恢复过备份。没有处理。",
    "cut": "传输中断，没有收全。会自动重新传送。",
    "wrong_offset": "续传的起点与本端已收到的不一致。会自动从头重新传送。",
    "no_space": "本端磁盘空间不足，没有接收。请清理磁盘后让对端重试。",
    "not_received": "本端暂时不能处理收到的文件，没有保留。对端会重新传送。",
    "unknown_stream": "批次属于另一条发送流。对端可能恢复过备份或重新安装过，请先与对端管理员核对；收到那条流的首批以后，本端会自动再打开它。",
    "old_epoch": "批次属于对端已经结束的纪元，其中的内容对端已在新纪元里重发。请向对端索取新纪元的批次。",
    "base_missing": "对端的新纪元以本端备份过的一批为起点，本端却没有这一批：本端恢复的备份太旧。请改用更新的备份，再打开这个文件。",
    "equivocation": "同一序号收到了两份内容不同的批次，接收已冻结。对端可能有两套系统在同时发送，请立即核对。",
    "fork": "批次与本端已应用的历史接不上，接收已冻结。对端可能恢复过备份，请立即与对端管理员核对。",
}


class CannotProceed(Exception):
    """Something must be put right on this site first; the text says what, in Chinese, for the operator."""


class Refused(Exception):
    """The batch must not be applied. ``code`` is a key of REASONS; ``detail`` says where, for the log and the page."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    @property
    def sentence(self) -> str:
        """What the operator reads."""
        return REASONS[self.code] + (f"（{self.detail}）" if self.detail else "")
