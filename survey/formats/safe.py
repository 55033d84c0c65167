"""Files of strangers, opened such that they can do no harm: archives that stay small, XML without entities."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from survey.errors import QuestionnaireError

LARGEST_FILE = 20_000_000
LARGEST_UNPACKED = 100_000_000
MOST_MEMBERS = 5_000
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError)
LARGEST_RATIO = 200  # unpacked to packed; office files reach about 20


def check_size(data: bytes) -> None:
    """Raise QuestionnaireError for a file that is too large or empty."""
    if not data.strip():
        raise QuestionnaireError("The file is empty.", got=f"{len(data)} bytes")
    if len(data) > LARGEST_FILE:
        raise QuestionnaireError("The file is too large.", got=f"{len(data):,} bytes", expected=f"{LARGEST_FILE:,}")


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Open a zip archive; raises QuestionnaireError when it is broken or would unpack beyond all measure."""
    check_size(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise QuestionnaireError(
            "The archive is broken.", got=str(error), hint="export or download the file once more"
        ) from error
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked / max(sum(member.compress_size for member in members), 1)
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED or (ratio > LARGEST_RATIO and unpacked > 1_000_000):
        raise QuestionnaireError(
            "The archive would unpack beyond all measure.",
            got=f"{unpacked:,} bytes in {len(members)} files from {len(data):,}",
            hint="this looks like an attack; ask who made the file",
        )
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """One file of an archive, never more of it than the archive itself declared."""
    try:
        with archive.open(name) as member:
            size = archive.getinfo(name).file_size
            data = member.read(size + 1)
    except (KeyError, OSError, RuntimeError, EOFError, NotImplementedError, ValueError, *_BROKEN) as error:
        raise QuestionnaireError(
            "The archive is broken.", got=f"{name}: {error}", hint="export or download the file once more"
        ) from error
    if len(data) > size:
        raise QuestionnaireError("The archive is broken.", got=f"{name} is longer than it says")
    return data


def read_xml(data: bytes) -> Element:
    """The root of an XML document without a DTD; entities and external references are refused, never followed."""
    check_size(data)
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise QuestionnaireError(
            "The file declares entities or a document type, which no questionnaire needs.",
            got=type(error).__name__,
            hint="this looks like an attack; ask who made the file",
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise QuestionnaireError("The XML is broken.", got=str(error), hint="export the file once more") from error
    return root
