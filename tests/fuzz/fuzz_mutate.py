"""Damage: a valid file changed a little, at random but repeatably, by its bytes or by its sense."""

import io
import json
import re
import struct
import zipfile
from random import Random

import numpy as np
import yaml

NUMBERS = [
    *("0", "-0", "1", "-1", "2", "3", "1e309", "-1e309", "1e308", "1e-320", "nan", "inf", "-inf"),
    *("2147483648", "-2147483649", "4294967296", "9223372036854775808", "2000000000", "300000000"),
    *("18446744073709551616", "9" * 40, "9" * 400, "9" * 5000, "0." + "0" * 400 + "1", "0x10"),
    *("1_0", "1,5", "1e", "+", "²", "٣", "½", "−1", "1e5", "1E+300", "00", ".", "0.1", "1.5", "-7"),
    *("true", "null", "None", "", "NaN", "Infinity", "1e400", "100000", "1000000000000000000000"),
]
WORDS = [
    *("&a", "*a", "<<", "!!python/object/apply:os.system", "!!set", "---", "...", "|", ">", "?"),
    *("{", "}", "[", "]", "(", ")", ":", ",", ";", "\t", " ", "'", '"', '""', "\\", "#", "%", "\n"),
    *("\r", "\r\n", "\x00", "\x1f", "\ufeff", "\u2028", "\ud7ff", "é", "名", "=", "+", "-", "**"),
    *("9**9**9", "where(", "Piecewise(", "exp(", "log(", "r", "m_i", "v", "__metadata__", "dtype"),
    *("F32", "BF16", "F8_E4M3", "I64", "BOOL", "shape", "data_offsets", "sha256", "../x", "/etc"),
    *("source", "target", "sign", "rating", "time", "x", "y", "body", "trajectory", "nan", "SRC:"),
    *("*Vertices", "*Edges", "graph [", "node [", "edge [", "<node", "<edge", "%%MatrixMarket"),
    *("2013-04-19", "now", "today", "23:13, 19 April 2013", "<!--<script>", "&", "<", "=1+1", "@"),
]
TOKEN = re.compile(rb"[A-Za-z_]+|[0-9.eE+-]+|\s+|[^\sA-Za-z0-9_]+")
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
LONG = (2, 40, 300, 2000, 200_000)


def damaged(data: bytes, name: str, draw: Random, others: list[bytes]) -> bytes:
    """The content of a file after one to four changes; `others` lend pieces."""
    sense = _by_sense(name)
    for _ in range(draw.choice((1, 1, 2, 3, 4))):
        kind = draw.random()
        if sense is not None and kind < 0.35:
            try:
                data = sense(data, draw)
                continue
            except Exception:  # not what its name promises any more: by bytes, then
                pass
        ways = (_numbers, _tokens, _bytes, _lines) if kind < 0.9 else (_splice,)
        data = draw.choice(ways)(data, draw, others)
    return data[:1_000_000]


def _by_sense(name: str):
    ending = name.rpartition(".")[2]
    return {
        "json": _json,
        "jsonl": _json_lines,
        "yaml": _yaml,
        "npz": _npz,
        "safetensors": _safetensors,
    }.get(ending)


def _longer(piece: bytes, draw: Random) -> bytes:
    return piece * min(draw.choice(LONG), 200_000 // max(len(piece), 1) + 1)


def _numbers(data: bytes, draw: Random, others: list[bytes]) -> bytes:
    found = list(NUMBER.finditer(data[:50_000]))
    if not found:
        return _tokens(data, draw, others)
    spot = draw.choice(found)
    return data[: spot.start()] + draw.choice(NUMBERS).encode() + data[spot.end() :]


def _tokens(data: bytes, draw: Random, others: list[bytes]) -> bytes:
    tokens = TOKEN.findall(data[:50_000])
    rest = data[50_000:]
    if not tokens:
        return draw.choice(WORDS).encode() + data
    at = draw.randrange(len(tokens))
    way = draw.randrange(6)
    if way == 0:
        del tokens[at]
    elif way == 1:
        tokens.insert(at, draw.choice(WORDS).encode())
    elif way == 2:
        tokens[at] = draw.choice(WORDS).encode()
    elif way == 3:
        tokens[at] = _longer(tokens[at], draw)
    elif way == 4:
        other = draw.randrange(len(tokens))
        tokens[at], tokens[other] = tokens[other], tokens[at]
    else:
        tokens[at] = draw.choice(tokens)
    return b"".join(tokens)[:500_000] + rest


def _bytes(data: bytes, draw: Random, others: list[bytes]) -> bytes:  # noqa: PLR0911
    if not data:
        return bytes([draw.randrange(256)])
    start = draw.randrange(len(data))
    end = min(len(data), start + draw.choice((1, 1, 2, 4, 16, 200)))
    way = draw.randrange(6)
    if way == 0:
        return data[:start] + bytes([data[start] ^ (1 << draw.randrange(8))]) + data[start + 1 :]
    if way == 1:
        return data[:start] + draw.randbytes(end - start) + data[end:]
    if way == 2:
        return data[:start] + data[end:]
    if way == 3:
        return data[:start]
    if way == 4:
        return data[:start] + _longer(data[start:end], draw) + data[end:]
    return data[:start] + bytes([draw.choice((0, 255, 127, 128, 10, 44))]) + data[start + 1 :]


def _lines(data: bytes, draw: Random, others: list[bytes]) -> bytes:
    lines = data.split(b"\n")
    at, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    way = draw.randrange(6)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(at, lines[other])
    elif way == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif way == 3:
        lines.insert(at, draw.choice((b"", b"# x", b"% x", b"a,b", b" ", b"x y z w v u")))
    elif way == 4:
        lines[at] = _longer(lines[at], draw)
    else:
        draw.shuffle(lines)
    return b"\n".join(lines)


def _splice(data: bytes, draw: Random, others: list[bytes]) -> bytes:
    other = draw.choice(others) if others else data
    at, start = draw.randrange(len(data) + 1), draw.randrange(len(other) + 1)
    return data[:at] + other[start : start + draw.choice((10, 100, 10_000))] + data[at:]


def _odd(draw: Random):
    deep: object = 1
    for _ in range(draw.choice((3, 70, 500))):
        deep = [deep] if draw.random() < 0.5 else {"a": deep}
    values = [
        *(None, True, 0, -1, 1.5, "", "x", [], {}, [[]], [None], {"a": 1}, "x" * 3000, -(2**63)),
        *(1e308, -1e308, 2**63, 10**30, 5e-324, float("nan"), float("inf"), [1] * 2000, deep),
        *(
            "../x",
            "<!--<script>",
            "9**9**9",
            "-" * 400 + "r",
            "1" * 4400,
            list(range(-3, 3)),
            10**9,
        ),
    ]
    return draw.choice(values)


def _changed(value, draw: Random):
    """A tree with one place in it changed."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not keys or draw.random() < 0.1:
        return _odd(draw)
    key = draw.choice(keys)
    inner = value[key]
    if isinstance(inner, dict | list) and inner and draw.random() < 0.75:
        changed = _changed(inner, draw)
    else:
        changed = _odd(draw)
    way = draw.random()
    if way < 0.15:
        del value[key]
    elif way < 0.25 and isinstance(value, dict):
        value[str(_odd(draw))[:50]] = value.pop(key)
    elif way < 0.3 and isinstance(value, list):
        value.insert(draw.choice(keys), changed)
    else:
        value[key] = changed
    return value


def _json(data: bytes, draw: Random) -> bytes:
    return json.dumps(_changed(json.loads(data), draw)).encode()


def _json_lines(data: bytes, draw: Random) -> bytes:
    lines = data.split(b"\n")
    at = draw.randrange(len(lines))
    lines[at] = _json(lines[at], draw)
    return b"\n".join(lines)


def _yaml(data: bytes, draw: Random) -> bytes:
    text = yaml.safe_dump(_changed(yaml.safe_load(data), draw), sort_keys=False)
    if draw.random() < 0.2:
        text += "a: &a [x, x]\nb: [*a, *a]\n" if draw.random() < 0.5 else "c: !!python/name:x\n"
    return text.encode()


def _npz(data: bytes, draw: Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = draw.choice(list(members))
    if draw.random() < 0.5:
        header = members[name][:128]
        members[name] = _header(header, draw) + members[name][128:]
    else:
        array = np.load(io.BytesIO(members[name]), allow_pickle=False)
        file = io.BytesIO()
        np.save(file, _array(array, draw), allow_pickle=False)
        members[name] = file.getvalue()
    if draw.random() < 0.1:
        members[draw.choice(("x.npy", "mass.npy", "edges.npy", "../x.npy"))] = members.pop(name)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as to:
        for member, content in members.items():
            to.writestr(zipfile.ZipInfo(member), content)
    return file.getvalue()


def _header(header: bytes, draw: Random) -> bytes:
    """Another description of an array in the same number of bytes."""
    text = header[10:].rstrip()
    changed = draw.choice((_numbers, _tokens))(text, draw, [])
    return header[:10] + changed[:117].ljust(117) + b"\n"


def _array(array: np.ndarray, draw: Random) -> np.ndarray:  # noqa: PLR0911
    way = draw.randrange(9)
    if way == 0:
        return array.astype(draw.choice(("i8", "f4", "U8", "bool", "c16", "f2", "u1", "S3")))
    if way == 1:
        return array[:0] if array.ndim else array
    if way == 2:
        return array.reshape(-1)
    if way == 3:
        return array[None]
    if way == 4:
        return np.asfortranarray(array.T)
    if way == 5:
        return array[..., :1]
    if way == 6:
        return np.zeros_like(array)
    changed = np.array(array)
    if changed.size and changed.dtype.kind in "fiu":
        with np.errstate(all="ignore"):
            value = np.float64(draw.choice((np.nan, np.inf, 1e308, -1e308, 5e-324, 0.0, -1.0, 1e9)))
            changed.reshape(-1)[draw.randrange(changed.size)] = value.astype(changed.dtype)
    return changed


def _safetensors(data: bytes, draw: Random) -> bytes:
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    inner = header.get("__metadata__", {}).get("forcelaw")
    if inner is not None and draw.random() < 0.7:
        header["__metadata__"]["forcelaw"] = _json(inner.encode(), draw).decode()
    else:
        header = _changed(header, draw)
    text = json.dumps(header).encode()
    if draw.random() < 0.05:
        length = draw.choice((0, 1, 2**31, 2**63, len(text) - 1))
    else:
        length = len(text)
    return struct.pack("<Q", length) + text + data[8 + struct.unpack("<Q", data[:8])[0] :]
