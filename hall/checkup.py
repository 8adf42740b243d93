"""Is this site fit to work? One small check each, with a sentence that says what to do. Reads only; shows no secret."""

import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_q.models import OrmQ
from django_q.status import Stat

from applications import pdf
from hall import site_secrets
from sync import peers
from sync.models import Peer
from sync.reasons import CannotProceed

OK, NOTICE, ERROR = "ok", "notice", "error"
WORDS = {OK: "OK", NOTICE: "注意", ERROR: "错误"}
GIB = 1024**3
OVERDUE = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    """What one check found; ``level`` is ok, notice or error."""

    name: str
    level: str
    words: str


def check_environment() -> Finding:
    """Side, addresses and the switches that must be off in production."""
    if settings.DEBUG:
        return Finding("environment", NOTICE, "HALL_DEBUG 已打开：出错时会把内部信息显示给访问者，正式运行请关闭。")
    if not settings.HALL_HTTPS and not settings.HALL_DEMO:
        return Finding("environment", NOTICE, "HALL_HTTPS 未打开：口令和个人信息会以明文经过网络。")
    side = "外网" if settings.IS_OUTER else "内网"
    return Finding("environment", OK, f"{side}站点，数据在 {settings.HALL_DATA_DIR}。")


def check_secrets() -> Finding:
    """The two secrets of the site must be readable by its own account only."""
    folder = Path(settings.HALL_DATA_DIR) / "keys"
    open_to_others = [
        path.name
        for path in (folder / name for name in site_secrets.NAMES)
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_to_others:
        return Finding(
            "secrets", ERROR, f"密钥 {'、'.join(open_to_others)} 别的账号也能读，请运行：chmod 600 {folder}/*"
        )
    return Finding("secrets", OK, "站点密钥齐全，只有本账号能读。")


def check_database() -> Finding:
    """Can it be asked?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Finding("database", ERROR, f"连不上数据库：{error}。请检查 DATABASE_URL 和数据库服务。")
    return Finding("database", OK, f"数据库可用（{connection.display_name}）。")


def check_migrations() -> Finding:
    """Are all tables there and up to date?"""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding("migrations", ERROR, f"查不到数据表的版本：{error}")
    if plan:
        return Finding("migrations", ERROR, f"还有 {len(plan)} 个数据表变更没有执行，请运行：manage.py migrate")
    return Finding("migrations", OK, "数据表是最新的。")


def check_cache() -> Finding:
    """Lock-out counters live in it, so a broken cache is a broken lock."""
    try:
        caches["default"].set("hall:checkup", "1", 10)
        if caches["default"].get("hall:checkup") == "1":
            return Finding("cache", OK, "缓存可用。")
    except DatabaseError:
        pass
    return Finding("cache", ERROR, "缓存表不可用，登录限次会失灵，请运行：manage.py createcachetable")


def check_storage() -> Finding:
    """Can materials and documents be written and read back?"""
    try:
        name = default_storage.save("checkup/probe", ContentFile(b"1"))
        default_storage.delete(name)
    except OSError as error:
        return Finding("storage", ERROR, f"文件存储写不进去：{error}。请检查文件夹权限和磁盘。")
    return Finding("storage", OK, "文件存储可写。")


def check_disk() -> Finding:
    """A full disk stops uploads, batches and SQLite at once."""
    free = shutil.disk_usage(settings.HALL_DATA_DIR).free / GIB
    level = ERROR if free < 0.5 else NOTICE if free < 5 else OK
    advice = "" if level == OK else "，请清理或扩容"
    return Finding("disk", level, f"数据盘还剩 {free:.1f} GB{advice}。")


def check_pdf() -> Finding:
    """Fonts and system libraries for documents."""
    problems = pdf.pdf_problems()
    if problems:
        return Finding("pdf", ERROR, " ".join(problems))
    warnings = pdf.pdf_warnings()
    if warnings:
        return Finding("pdf", NOTICE, " ".join(warnings))
    return Finding("pdf", OK, "中文字体和生成 PDF 的系统库齐全。")


def check_peer() -> Finding:
    """Does this site know the other side's public keys?"""
    try:
        peers.site_keys()
    except CannotProceed as problem:
        return Finding("peer", ERROR, str(problem))
    try:
        enrolled = Peer.objects.filter(side=settings.HALL_PEER_SIDE).exists()
    except DatabaseError as error:
        return Finding("peer", ERROR, f"读不到对端登记：{error}")
    if not enrolled:
        return Finding("peer", NOTICE, "还没有登记对端站点，两网之间暂时不能交换。请交换名片并核对指纹。")
    return Finding("peer", OK, "本站批次密钥可用，对端站点已登记。")


def check_worker() -> Finding:
    """Somebody must render documents and keep the clocks ticking."""
    try:
        beats = Stat.get_all()
        waiting = OrmQ.objects.filter(lock__lt=timezone.now() - OVERDUE).count()
    except DatabaseError as error:
        return Finding("worker", NOTICE, f"看不到后台任务的情况：{error}")
    if not beats:
        return Finding("worker", NOTICE, f"后台任务没有在运行（{waiting} 个任务在等），请运行：manage.py qcluster")
    return Finding("worker", OK, f"后台任务在运行，{len(beats)} 个进程组。")


ALL: tuple[Callable[[], Finding], ...] = (
    check_environment,
    check_secrets,
    check_database,
    check_migrations,
    check_cache,
    check_storage,
    check_disk,
    check_pdf,
    check_peer,
    check_worker,
)
# What a load balancer may ask every few seconds.
QUICK = (check_database, check_cache, check_storage, check_worker)


def run(checks: tuple[Callable[[], Finding], ...] = ALL) -> list[Finding]:
    """The findings, in the order of the checks."""
    return [check() for check in checks]
