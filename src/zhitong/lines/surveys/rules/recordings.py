"""Sound and film: told by what the file is, not by its name.

Sources: ISO/IEC 14496-12 (``ftyp``), RFC 8794 (Matroska, WebM), RFC 3533 (Ogg), RFC 4867 (AMR), ISO/IEC 13818-7 (ADTS).
"""

MOST_SOUND, MOST_FILM = (
    20 * 1024 * 1024,
    60 * 1024 * 1024,
)  # bytes: some 20 minutes of speech, half a minute as a telephone films
ENDINGS = {
    "audio/mp4": ".m4a", "audio/mpeg": ".mp3", "audio/aac": ".aac", "audio/amr": ".amr", "audio/ogg": ".ogg", "audio/wav": ".wav",
    "audio/webm": ".weba", "audio/3gpp": ".3ga", "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm", "video/3gpp": ".3gp",
}  # fmt: skip
EBML = b"\x1a\x45\xdf\xa3"


def is_recording(asked: str) -> bool:
    """Whether a question of that media type (``audio/*``) asks for sound or film."""
    return asked.startswith(("audio/", "video/"))


def largest(asked: str) -> int:
    """The most bytes that are taken."""
    return MOST_FILM if asked.startswith("video/") else MOST_SOUND


def recording_type(content: bytes, asked: str) -> str:
    """The media type of what was recorded; empty when it is not what was ``asked`` for (``audio/*`` or ``video/*``).

    The containers that hold both are taken as what was asked for.
    """
    sort = asked.partition("/")[0]
    found = _of_container(content[:64], sort) or (_of_sound(content[:16]) if sort == "audio" else "")
    return found if found.startswith(sort) else ""


def _of_container(head: bytes, sort: str) -> str:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand.startswith(b"3g"):
            return f"{sort}/3gpp"
        if brand == b"qt  ":
            return "video/quicktime"
        return "audio/mp4" if brand.startswith((b"M4A", b"M4B")) else f"{sort}/mp4"
    return f"{sort}/webm" if head.startswith(EBML) and b"webm" in head else ""


def _of_sound(head: bytes) -> str:
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    for begin, found in ((b"ID3", "audio/mpeg"), (b"OggS", "audio/ogg"), (b"#!AMR", "audio/amr")):
        if head.startswith(begin):
            return found
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return ""
    layer = head[1] & 0x06
    return "audio/aac" if head[1] & 0xF6 == 0xF0 else "audio/mpeg" if layer else ""
