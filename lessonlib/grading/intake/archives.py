"""A ``.zip`` that was handed in: looked into within bounds, and never unpacked.

Whatever leads out of it, is a link, stands there twice, is encrypted or packed in a way whose size
cannot be known beforehand has the whole archive refused, in words.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from lessonlib.grading.intake import reading
from lessonlib.grading.intake.layouts import Parts
from lessonlib.grading.intake.reading import SIZE_LIMIT, UnreadableError, opened, too_large

ENDING = ".zip"
MOST_BYTES = 100_000_000  # of an archive
MOST_UNPACKED = 1_000_000_000  # bytes of all that is in it
MOST_FILES = 2_000
MOST_OF_THE_LIST = 1_000_000  # bytes of its list of files, which is read as a whole
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_UTF_8, _ENCRYPTED = 0x800, 0x1


def ways(path: Path) -> list[Parts]:
    """Return the ways to the files in an archive; UnreadableError if it must not be opened."""
    with _archive(path) as archive:
        return list(_files(archive))


def read(path: Path) -> bytes:
    """Read a file as `reading.read` does, also one whose way leads through an archive."""
    outer = next((each for each in path.parents if each.name.lower().endswith(ENDING)), None)
    if outer is None or not outer.is_file():
        return reading.read(path)
    with _archive(outer) as archive:
        member = _files(archive).get(path.relative_to(outer).parts)
        if member is None:
            raise UnreadableError("not-a-file")
        if member.file_size > SIZE_LIMIT:
            raise too_large(member.file_size)
        with archive.open(member) as file:  # which reads no more than the list says
            return file.read(SIZE_LIMIT)


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with opened(path, MOST_BYTES) as file:
            tail = os.fstat(file.fileno()).st_size - (1 << 16) - 42
            file.seek(max(0, tail))
            end = file.read()
            at = end.rfind(_END)
            if at < 0:
                raise UnreadableError("no-archive")
            count, size = struct.unpack("<H L", end[at + 10 : at + 16])
            is_large = _END_64 in end[max(0, at - 20) : at]  # with sizes of its own
            if is_large or count > MOST_FILES or size > MOST_OF_THE_LIST:
                raise UnreadableError("large-archive", most=MOST_FILES)
            with zipfile.ZipFile(file) as archive:
                yield archive
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error, struct.error, EOFError):
        raise UnreadableError("no-archive") from None
    except (RuntimeError, NotImplementedError):
        raise UnreadableError("strange-archive") from None


def _files(archive: zipfile.ZipFile) -> dict[Parts, zipfile.ZipInfo]:
    members = [each for each in archive.infolist() if not _name(each).endswith("/")]
    if sum(each.file_size for each in members) > MOST_UNPACKED:
        raise UnreadableError("large-archive", most=MOST_FILES)
    found: dict[Parts, zipfile.ZipInfo] = {}
    for each in members:
        name = _name(each)
        parts = PurePosixPath(name).parts
        is_link = stat.S_ISLNK(each.external_attr >> 16)
        leads_out = name.startswith("/") or ".." in parts or ":" in name or "\0" in name
        is_packed = each.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        is_plain = is_packed and not (is_link or leads_out or each.flag_bits & _ENCRYPTED)
        if not is_plain or not parts or parts in found:
            raise UnreadableError("strange-archive")
        found[parts] = each
    return found


def _name(member: zipfile.ZipInfo) -> str:
    """Return a name as it was meant: some programs write UTF-8 and do not say so."""
    name = member.orig_filename
    if not member.flag_bits & _UTF_8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")
