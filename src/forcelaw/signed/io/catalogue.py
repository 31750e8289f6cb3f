"""The known public signed networks: where they come from, how large, and their checksums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NO_LICENCE = "no licence stated; public, cite the source"
BITCOIN = "Kumar, Spezzano, Subrahmanian & Faloutsos, ICDM 2016"
SLASHDOT = "Leskovec, Huttenlocher & Kleinberg, CHI 2010"


@dataclass(frozen=True)
class Dataset:
    """What is known of a public dataset.

    **Attributes:**

    - `file`: name of the file in the data folder.
    - `url`: where to download it; None if it cannot be downloaded.
    - `nodes`, `edges`: after clean-up (for wiki-rfa and epinions as published).
    - `positive_share`: share of positive edges.
    - `directed`, `times`: whether edges have a direction and a time.
    - `sha256`: of the file as published; None if only the content is known.
    - `content_sha256`: of the uncompressed content; None if only the file is known. Either one
      suffices; a dataset with neither is read with a warning.
    - `member`: the file's path inside the archive at `url`, if it is one.
    """

    name: str
    file: str
    url: str | None
    nodes: int
    edges: int
    positive_share: float
    directed: bool
    times: bool
    sha256: str | None
    content_sha256: str | None
    source: str
    licence: str
    citation: str
    member: str | None = None

    @property
    def pinned(self) -> bool:
        """Whether a checksum is known."""
        return self.sha256 is not None or self.content_sha256 is not None


_SNAP = "https://snap.stanford.edu/data/"
_ALL = (
    Dataset(
        name="bitcoin-alpha",
        file="soc-sign-bitcoinalpha.csv.gz",
        url=_SNAP + "soc-sign-bitcoinalpha.csv.gz",
        nodes=3783,
        edges=24186,
        positive_share=0.937,
        directed=True,
        times=True,
        sha256=None,
        content_sha256="1b2a970f327d0ceba0c57bd5919670257cbe4cc0704e2ddac09abc4b08e2ca4d",
        source="SNAP",
        licence=NO_LICENCE,
        citation=BITCOIN,
    ),
    Dataset(
        name="bitcoin-otc",
        file="soc-sign-bitcoinotc.csv.gz",
        url=_SNAP + "soc-sign-bitcoinotc.csv.gz",
        nodes=5881,
        edges=35592,
        positive_share=0.900,
        directed=True,
        times=True,
        sha256=None,
        content_sha256="76bd9d8f1d3ff9a1813d9fc8e6902a0ee4d0a2f8c1003842dbc9ec79149ab60c",
        source="SNAP",
        licence=NO_LICENCE,
        citation=BITCOIN,
    ),
    Dataset(
        name="slashdot",
        file="soc-sign-Slashdot090221.txt.gz",
        url=_SNAP + "soc-sign-Slashdot090221.txt.gz",
        nodes=82140,
        edges=549202,
        positive_share=0.774,
        directed=True,
        times=False,
        sha256="55e69b402f2d40bc40e36c7c1211557a3d61927d5a45817f8d3db2d367080ca7",
        content_sha256="dc6df37da82ebf1a936394a2a84804364e146354aece5e7c8bd3d93cffb37b1f",
        source="SNAP",
        licence=NO_LICENCE,
        citation=SLASHDOT,
    ),
    Dataset(
        name="epinions",
        file="soc-sign-epinions.txt.gz",
        url=_SNAP + "soc-sign-epinions.txt.gz",
        nodes=131828,
        edges=841372,
        positive_share=0.853,
        directed=True,
        times=False,
        sha256="214513a32f1375695ceab7d7581e463ebe44daa573492de699b0c5d1cf3dde60",
        content_sha256=None,
        source="SNAP",
        licence=NO_LICENCE,
        citation=SLASHDOT,
    ),
    Dataset(
        name="wiki-rfa",
        file="wiki-RfA.txt.gz",
        url=_SNAP + "wiki-RfA.txt.gz",
        nodes=11000,
        edges=178000,
        positive_share=0.78,
        directed=True,
        times=True,
        sha256=None,
        content_sha256=None,
        source="SNAP",
        licence=NO_LICENCE,
        citation="West, Paskov, Leskovec & Potts, TACL 2, 2014",
    ),
    Dataset(
        name="tribes",
        file="out.ucidata-gama",
        url="https://konect.cc/files/download.tsv.ucidata-gama.tar.bz2",
        nodes=16,
        edges=58,
        positive_share=0.5,
        directed=False,
        times=False,
        sha256="ff5911033142a83ff6ebe27eeee7a1336d30eca0977cf1dac3125c3b342e3150",
        content_sha256="ff5911033142a83ff6ebe27eeee7a1336d30eca0977cf1dac3125c3b342e3150",
        source="KONECT",
        licence=NO_LICENCE,
        citation="Read, Southwestern Journal of Anthropology 10, 1954; Kunegis, WWW 2013",
        member="ucidata-gama/out.ucidata-gama",
    ),
    Dataset(
        name="congress",
        file="congress.txt",
        url=None,
        nodes=219,
        edges=521,
        positive_share=0.795,
        directed=False,
        times=False,
        sha256="ce4697ec22db54bd4c952e94fb5c42f04092802568dc2af032e859a4a772a3b9",
        content_sha256="ce4697ec22db54bd4c952e94fb5c42f04092802568dc2af032e859a4a772a3b9",
        source="a file of your own",
        licence=NO_LICENCE,
        citation="Thomas, Pang & Lee, EMNLP 2006",
    ),
)
"""Sizes and hashes of the files as they were published."""
DATASETS: Mapping[str, Dataset] = MappingProxyType({entry.name: entry for entry in _ALL})
"""The known datasets by name."""
