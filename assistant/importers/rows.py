"""Rows of a file somebody hands us: CSV, JSON or JSON lines, told apart by what is inside.

Streams: however large the file, one row and a few buffers are held. A row that cannot be read
comes out as a problem with its place, and reading goes on behind it where that is possible.
Knows nothing of films. Next in the flow: ``columns`` makes films of rows, ``ratings`` opinions.
"""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import orjson

from assistant.errors import DataError

LONGEST_ROW_CHARS = 2_000_000
"""TMDB's longest credits row has about 250,000; more is a missing quote or bracket."""
LARGEST_OBJECT_BYTES = 64_000_000
"""A JSON file that is one object is read at once, up to this size."""
_LIST_KEYS = ("events", "films", "movies", "results", "items", "entries", "data")
"""Where a JSON object keeps its rows."""
_CHUNK_CHARS = 1 << 16
_HEAD_BYTES = 8192
_UNREADABLE = "not UTF-8 text; save the file as UTF-8"
_ARCHIVES = {b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "a gzip archive", b"SQLite": "a database"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row, or why there is none here."""

    where: str
    """``"file.csv:12"``: the line it begins on, or for a JSON array the entry's number."""
    record: Mapping[str, Any]  # Any: JSON values; columns of a CSV are all texts
    """Empty where there is a problem."""
    problem: str = ""


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of ``path`` in order, read while they are asked for.

    Raises ``DataError`` where the file cannot be read, is a folder, empty, binary or an archive,
    or is CSV without a header line.
    """
    head = _head(path)
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""
    start = head.decode(encoding or "utf-8-sig", "replace").lstrip()
    try:
        # surrogateescape: a wrong byte spoils its own row only
        with path.open(
            encoding=encoding or "utf-8-sig",
            errors="replace" if encoding else "surrogateescape",
            newline="",
        ) as stream:
            if start.startswith("["):
                rows = _array_rows(stream, path.name)
            elif start.startswith("{"):
                rows = _object_rows(stream, path)
            else:
                rows = _csv_rows(stream, path.name)
            for row in rows:
                yield _checked(row)
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error


def _head(path: Path) -> bytes:
    """The first bytes of a text file; raises ``DataError`` for anything else."""
    if path.is_dir():
        raise DataError(f"{path} is a folder; name a file in it")
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    if not head.strip():
        raise DataError(f"{path} is empty")
    for magic, kind in _ARCHIVES.items():
        if head.startswith(magic):
            raise DataError(f"{path} is {kind}; unpack it and name the CSV or JSON file inside")
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not utf16 and (b"\0" in head or sum(byte < 9 for byte in head) > len(head) // 50):
        raise DataError(f"{path} is not text; CSV, JSON and JSON lines can be read")
    return head


def _checked(row: Row) -> Row:
    """``row``, or a problem where a byte of it was no UTF-8."""
    if not row.problem and any(
        "\ud800" <= c <= "\udfff" for text in _texts_of(row.record) for c in text
    ):
        return Row(row.where, {}, _UNREADABLE)
    return row


def _texts_of(value: Any) -> Iterator[str]:  # Any: JSON
    if isinstance(value, str):
        if not value.isascii():
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_of(inner)


# CSV


class _Lines:
    """Lines of a stream, none longer than a row may be; ``number`` counts them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LONGEST_ROW_CHARS)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == LONGEST_ROW_CHARS and not line.endswith("\n"):
            while line and not line.endswith("\n"):
                line = self._stream.readline(LONGEST_ROW_CHARS)
            # The reader passes this on and can be asked for the next row.
            raise csv.Error(f"line of more than {LONGEST_ROW_CHARS:,} characters")
        return line


@contextmanager
def _roomy_fields() -> Iterator[None]:
    """Let CSV fields be as long as a row (the csv module's limit is one for the process)."""
    before = csv.field_size_limit(LONGEST_ROW_CHARS)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _csv_rows(stream: TextIO, name: str) -> Iterator[Row]:
    lines = _Lines(stream)
    try:
        header_line = next(lines)
        while not header_line.strip():
            header_line = next(lines)
    except (StopIteration, csv.Error):
        raise DataError(f"{name} has no header line") from None
    delimiter = max(",;\t|", key=header_line.count)
    header = [cell.strip() for cell in next(csv.reader([header_line], delimiter=delimiter))]
    with _roomy_fields():
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            where = f"{name}:{lines.number + 1}"
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(where, {}, f"not CSV ({error})")
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                problem = f"{len(cells)} cells under {len(header)} column names"
                yield Row(where, {}, problem)
                continue
            yield Row(where, dict(zip(header, cells, strict=False)))


# JSON


def _object_rows(stream: TextIO, path: Path) -> Iterator[Row]:
    """JSON lines, or one object that holds a list of objects (or is itself the only row)."""
    first, second = stream.readline(LONGEST_ROW_CHARS), stream.readline(LONGEST_ROW_CHARS)
    stream.seek(0)
    if (not second or _loaded(first) is None) and path.stat().st_size <= LARGEST_OBJECT_BYTES:
        whole = _loaded(stream.read())
        if isinstance(whole, dict):
            lists = [whole[key] for key in _LIST_KEYS if isinstance(whole.get(key), list)]
            for number, entry in enumerate(lists[0] if lists else [whole], start=1):
                yield _entry_row(f"{path.name}, entry {number}", entry)
            return
        stream.seek(0)
    lines = _Lines(stream)
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(f"{path.name}:{lines.number}", {}, str(error))
            continue
        if line.strip():
            yield _entry_row(f"{path.name}:{lines.number}", _loaded(line))


def _loaded(text: str) -> Any:  # Any: JSON
    """``text`` parsed, or None where it is no JSON."""
    try:
        return orjson.loads(text.lstrip("\ufeff"))
    except ValueError:  # wrong JSON; text that was no UTF-8 is caught here too
        return None


def _entry_row(where: str, entry: Any) -> Row:  # Any: JSON
    if entry is None:
        return Row(where, {}, "not JSON, or not UTF-8")
    if not isinstance(entry, dict):
        return Row(where, {}, f"a {type(entry).__name__} where an object should be")
    return Row(where, entry)


def _array_rows(stream: TextIO, name: str) -> Iterator[Row]:
    """Entries of one JSON array, decoded from a sliding buffer."""
    decoder = json.JSONDecoder()
    buffer = stream.read(_CHUNK_CHARS).lstrip()[1:]
    number = 0
    while True:
        number += 1
        where = f"{name}, entry {number}"
        buffer, entry, problem = _next_entry(decoder, buffer, stream)
        if problem:
            yield Row(where, {}, problem)
            return
        if entry is None:
            return
        yield _entry_row(where, entry[0])


def _next_entry(
    decoder: json.JSONDecoder, buffer: str, stream: TextIO
) -> tuple[str, tuple[Any] | None, str]:  # Any: JSON
    """(rest of the buffer, the entry or None at the array's end, problem or "")."""
    wait_chars = 0
    while True:
        buffer = buffer.lstrip(" \t\r\n,")
        if buffer.startswith("]"):
            return buffer, None, ""
        if len(buffer) > wait_chars:
            try:
                entry, end = decoder.raw_decode(buffer)
            except RecursionError:
                return buffer, None, "nested too deeply; the rest was not read"
            except ValueError:
                # Try again once twice as much is there: few tries for long entries.
                wait_chars = 2 * len(buffer)
            else:
                if end < len(buffer):  # a number at the very end may go on
                    return buffer[end:], (entry,), ""
        more = stream.read(_CHUNK_CHARS)
        if not more or len(buffer) > LONGEST_ROW_CHARS:
            why = "too long or broken" if more else "the file breaks off inside it"
            return "", None, f"{why}; the rest was not read"
        buffer += more
