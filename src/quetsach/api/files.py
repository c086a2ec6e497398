"""Packed files and documents from strangers, for programs."""

from quetsach.atomic_files import write_whole as write_whole
from quetsach.evidence.codecs import ByteReader as ByteReader
from quetsach.evidence.codecs import Codec as Codec
from quetsach.evidence.codecs import DamagedDataError as DamagedDataError
from quetsach.evidence.codecs import archive_kind as archive_kind
from quetsach.evidence.codecs import binary_kind as binary_kind
from quetsach.evidence.codecs import codec_of as codec_of
from quetsach.evidence.codecs import unpacked as unpacked
from quetsach.evidence.member import ArchiveMember as ArchiveMember
from quetsach.evidence.tar_members import tar_members as tar_members
from quetsach.readers.contract import MergedCells as MergedCells
from quetsach.readers.contract import ReadLimits as ReadLimits
from quetsach.readers.traps import OfficeTrap as OfficeTrap
from quetsach.readers.traps import TrapKind as TrapKind
from quetsach.readers.traps import traps_in as traps_in
