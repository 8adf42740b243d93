"""The root key of a site: kept off the site, on a medium of its own, and used only to say that its other keys were stolen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sync import canonical, durable, envelope, key_files, keys, suites
from sync.reasons import CannotProceed
from sync.suites.base import BadKey, SignKey

PASSPHRASE = "HALL_ROOT_PASSPHRASE"  # noqa: S105 - the name of a variable
SHORTEST_PASSPHRASE = 12
FILE = "sync_root.pem"
VERSION_FILE = "sync_root.version"


class NoRoot(CannotProceed):
    """The root key is not there, cannot be read, or must not be made here. The text says what to do."""


@dataclass(frozen=True, slots=True)
class RootKey:
    """The root key while its medium is plugged in."""

    folder: Path
    key: SignKey

    def public(self) -> str:
        """What the peer has enrolled, in hex."""
        return self.key.public().hex()

    def sign(self, context: bytes, message: bytes) -> bytes:
        """``key id ‖ signature`` over ``context ‖ message``."""
        return bytes.fromhex(self.key.id()) + self.key.sign(context + message)


def passphrase_from(env: Mapping[str, str]) -> str:
    """``HALL_ROOT_PASSPHRASE``; "" when a person must be asked."""
    return env.get(PASSPHRASE, "")


def make(folder: Path, data_dir: Path, passphrase: str, *, replace: bool = False) -> str:
    """Make a root key in ``folder``; its public half goes to the keys of the site, and is returned in hex.

    A root key that is there is never overwritten. ``replace`` lets the site have another one than before.
    """
    _check_place(folder, data_dir)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise NoRoot(f"根密钥的口令至少要有 {SHORTEST_PASSPHRASE} 个字符。没有生成。")
    if (folder / FILE).exists():
        raise NoRoot(f"{folder} 里已有根密钥 {FILE}，不会覆盖。请换一个空的文件夹。")
    noted = keys.folder(data_dir) / keys.ROOT_FILE
    if noted.exists() and not replace:
        raise NoRoot(
            "本站点已有根密钥。确已丢失、要换一把时加 --replace：换了以后须重新导出身份文件，由对端核对指纹后重新登记。"
        )
    suite = suites.named(keys.suite_of(data_dir))
    pem = suite.new_sign_key()
    key_files.write(folder / FILE, pem, passphrase)
    public = load(folder, suite.name, passphrase).public()  # read back: what cannot be opened must not be enrolled
    with durable.part_file(noted, mode=0o644) as handle:
        handle.write(public.encode() + b"\n")
    return public


def load(folder: Path, suite: str, passphrase: str) -> RootKey:
    """The root key on a plugged-in medium; NoRoot with the sentence for the operator."""
    path = folder / FILE
    if not path.is_file():
        raise NoRoot(f"{folder} 里没有根密钥 {FILE}。请插好存放根密钥的介质，核对路径。")
    data = path.read_bytes()
    if not data.startswith(key_files.BEGIN):
        raise NoRoot(f"{path} 没有口令保护，或者不是根密钥。没有使用。")
    try:
        return RootKey(folder, suites.named(suite).sign_key(key_files.unprotect(data, passphrase)))
    except key_files.Unreadable as error:
        raise NoRoot(f"根密钥 {path} 的口令不对，或者文件已损坏。请核对口令，或改用另一份介质。") from error
    except BadKey as error:
        raise NoRoot(f"{path} 不是套件 {suite} 的根密钥。") from error


def next_version(root: RootKey, wanted: int = 0) -> int:
    """The number of the next trust file, noted on the medium before it is used; ``wanted`` lets numbers be left out."""
    noted = root.folder / VERSION_FILE
    written = noted.read_text().strip() if noted.is_file() else "0"
    if not written.isdecimal():
        raise NoRoot(f"{noted} 已损坏。请改用另一份介质，并用 --number 给出比对端“信任文件版本”更大的数。")
    last = int(written)
    if wanted and wanted <= last:
        raise NoRoot(f"版本 {wanted} 已经用过，介质上记到第 {last} 版。版本只能增加。")
    version = wanted or last + 1
    if version > canonical.LARGEST:
        raise NoRoot(f"版本 {version} 太大。")
    with durable.part_file(noted) as handle:
        handle.write(str(version).encode() + b"\n")
    return version


def key_id(public: str) -> str:
    """Name of a root key by its public half in hex."""
    return envelope.key_id(bytes.fromhex(public)).hex()


def _check_place(folder: Path, data_dir: Path) -> None:
    """Links are followed: the folder must be off the site's data wherever its name seems to be."""
    if folder.resolve().is_relative_to(data_dir.resolve()) or data_dir.resolve().is_relative_to(folder.resolve()):
        raise NoRoot(
            f"{folder} 与本站点的数据放在一起：数据被盗时根密钥也会被盗。请指定单独保管的介质（例如加密 U 盘）上的文件夹。"
        )
