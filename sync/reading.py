"""Reading the records of a batch against what its sender signed."""

from collections.abc import Iterator

from sync.chain import Record, advance, from_line
from sync.manifest import Batch
from sync.reasons import Refused

Numbered = tuple[Record, bytes]


class RecordReader:
    """Turns lines into records while checking numbers, chain and counts against what was signed."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._rseq = batch.rseq_first - 1
        self._chain = bytes.fromhex(batch.chain_before)
        self._left = {(kind.topic, kind.version): kind.count for kind in batch.kinds}

    def numbered(self, lines: list[bytes]) -> Iterator[Numbered]:
        """Records with their lines, one at a time; Refused when one is out of place."""
        for line in lines:
            yield self._next(line), line

    def _next(self, line: bytes) -> Record:
        record = from_line(line)
        self._rseq += 1
        if record.rseq != self._rseq:
            raise Refused("content_mismatch", f"记录序号 {record.rseq}，应为 {self._rseq}")
        left = self._left.get((record.topic, record.version), 0) - 1
        if left < 0:
            raise Refused("content_mismatch", f"主题 {record.topic} 的条数")
        self._left[record.topic, record.version] = left
        self._chain = advance(self._chain, line)
        return record

    def check_end(self) -> None:
        """Refused unless everything that was signed has been seen."""
        if self._rseq != self._batch.rseq_last or self._chain.hex() != self._batch.chain_after:
            raise Refused("content_mismatch", "记录链")
