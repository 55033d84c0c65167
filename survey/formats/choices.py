"""What the words of a choice say about it."""

from __future__ import annotations

import re
import unicodedata

_NONE = re.compile(
    r"(以上|上述|前述|下列)(各项|选项|情况|问题|内容|方面)?(都|均|全|皆)?(没有|不是|无|不满意|不需要|不符合|不选)(情况|问题)?|"
    r"(都|均|全|皆)(没有|不是|无|不满意|不需要|不符合)|(以上)?没有(以上|上述)(任何)?(情况|问题|选项|各项)?|"
    r"没有|无|无此类?(情况|问题)|[一几]?[个项]?(一个|一项|什么)[也都]没有|"
    r"none|none of (the|these)( above| following)?( options| choices)?|nothing|no(ne)? of these|neither"
)
_MARKS = re.compile(r"^[\W_]+|[\W_]+$")
LONGEST = 24


def is_exclusive(text: str) -> bool:
    """Whether the words say "none of these", beside which nothing else can be chosen."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return len(bare) <= LONGEST and _NONE.fullmatch(bare) is not None
