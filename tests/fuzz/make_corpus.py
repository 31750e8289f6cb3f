"""Writes the valid inputs that are damaged: `python tests/fuzz/make_corpus.py`."""

import bz2
import dataclasses
import gzip
import io
import json
import lzma
import shutil
import tarfile
import warnings
import zipfile
from pathlib import Path

import jax
import jax.numpy as jnp
import optax
import yaml
from fuzz_readers import CORPUS
from make_motion import motion, write

import forcelaw
from forcelaw import signed
from forcelaw.laws import AttributeSpring, Formula, MessageNetwork, PairNetwork, Spring
from forcelaw.signed import Preset, SpringEmbedding
from forcelaw.training import Stage, train

ADAM = optax.scale_by_adam()
EDGES = [("a", "b", 1), ("b", "c", -1), ("c", "a", 1), ("d", "a", -1), ("b", "d", 1), ("c", "d", 1)]


def networks() -> None:
    plain = "".join(f"{u},{v},{s}\n" for u, v, s in EDGES)
    write("edges/plain.csv", plain)
    write(
        "edges/header.csv",
        "source,target,rating,time\n"
        + "".join(
            f"{u},{v},{s * (i + 1)},{1_300_000_000 + i}\n" for i, (u, v, s) in enumerate(EDGES)
        ),
    )
    write("edges/quoted.csv", '"x, 1";"b";-1\n"b";"say ""c""";1\n"c";"x, 1";1\n')
    write(
        "edges/dates.tsv",
        "".join(f"{u}\t{v}\t{s}\t2013-04-19T23:1{i}\n" for i, (u, v, s) in enumerate(EDGES)),
    )
    write("edges/comma.csv", "a;b;-0,95\nb;c;0,5\nc;a;1,25\n")
    write("edges/spaces.txt", "# FromNodeId ToNodeId Sign\n0 1 1\n1 2 -1\n2 0 1\n10 2 -1\n")
    write(
        "edges/gephi.csv",
        "Source,Target,Type,Id,Label,Weight\na,b,Directed,0,,1\nb,c,Directed,"
        "1,,-2\nc,a,Directed,2,,1.5\n",
    )
    write("edges/pandas.csv", ",source,target,sign\n0,1.0,2.0,1\n1,2.0,3.0,-1\n2,3.0,1.0,1\n")
    write("edges/words.csv", "from,to,sign\na,b,True\nb,c,False\nc,a,True\n")
    write("konect/out.sym", "% sym signed\n% 4 5 5\n1 2 1\n2 3 -1\n3 4 1\n4 1 -1\n")
    write(
        "konect/out.asym", "% asym signed\n1 2 1 1300000000\n2 1 -1 1300000001\n3 1 1 1300000002\n"
    )
    write("congress/votes.txt", "# 6\n0 1 0.5\n1 2 -0.25\n2 3 1\n4 5 -1\n")
    write(
        "wiki/rfa.txt",
        "".join(
            f"SRC:{u}\nTGT:{v}\nVOT:{s}\nRES:1\nYEA:2013\nDAT:23:1{i}, 19 April 2013\n"
            f"TXT:'''Aye''' as {u}: fine\n\n"
            for i, (u, v, s) in enumerate(EDGES)
        ),
    )
    write(
        "networks/a.net", '*Vertices 3\n1 "a"\n2 "b"\n3 "c"\n*Arcs\n1 2 1\n2 3 -1\n*Edges\n1 3 1\n'
    )
    write(
        "networks/a.gml",
        'graph [\n directed 1\n node [ id 0 label "a" ]\n node [ id 1 label '
        '"b" ]\n edge [ source 0 target 1 sign -1 ]\n edge [ source 1 target 0 sign 1 ]\n]\n',
    )
    write(
        "networks/a.graphml",
        '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graph'
        'ml.graphdrawing.org/xmlns"><key id="d0" for="edge" attr.name="sign" attr.type="int"/>'
        '<graph edgedefault="directed"><node id="a"/><node id="b"/><edge source="a" target="b">'
        '<data key="d0">-1</data></edge><edge source="b" target="a"><data key="d0">1</data></edge>'
        "</graph></graphml>\n",
    )
    write(
        "networks/a.mtx",
        "%%MatrixMarket matrix coordinate real general\n% x\n3 3 3\n1 2 1.0\n2 3 -1\n3 1 0.5\n",
    )
    write(
        "networks/links.json",
        json.dumps(
            {
                "directed": True,
                "nodes": [{"id": "a"}, {"id": "b"}],
                "links": [
                    {"source": "a", "target": "b", "sign": -1},
                    {"source": "b", "target": "a", "sign": 1},
                ],
            }
        ),
    )
    write(
        "networks/lines.jsonl",
        "".join(json.dumps({"source": u, "target": v, "sign": s}) + "\n" for u, v, s in EDGES),
    )
    raw = (plain * 3).encode()
    write("packed/a.csv.gz", gzip.compress(raw, mtime=0))
    write("packed/a.csv.bz2", bz2.compress(raw))
    write("packed/a.csv.xz", lzma.compress(raw))
    write("packed/utf16.csv", plain.encode("utf-16"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a.csv"), raw)
    write("packed/a.zip", file.getvalue())
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("x/out.x")
        member.size = len(raw)
        archive.addfile(member, io.BytesIO(raw))
    write("packed/a.tar.gz", gzip.compress(file.getvalue(), mtime=0))
    write("pairs/commas.csv", "source,target\na,b\nb,c\n")
    write("pairs/spaces.txt", "# asked\na b\nc d 1\n")
    write(
        "catalogue/wiki/wiki-RfA.txt.gz",
        gzip.compress((CORPUS / "wiki/rfa.txt").read_bytes(), mtime=0),
    )
    write("assignment/plain.txt", "batch=8\nstages.0.epochs=3\nsimulation.dt=0.01\n")
    write(
        "assignment/lists.txt", "stages=[{epochs: 3, learning_rate: 0.01}]\nbatch=4\nmodel=pair\n"
    )


def laws() -> None:
    key = jax.random.key(0)
    made = {
        "formula": Formula.parse("m_i*m_j/r**2", "-0.1*v"),
        "pieces": Formula.parse("where(r < 2, 2*(r - 1), 0)"),
        "pair": PairNetwork(2, ["mass"], key=key, hidden=(4, 4)),
        "message": MessageNetwork(2, ["charge"], key=key, hidden=(4, 4), message=3),
        "springs": AttributeSpring(3, hidden=4, key=key),
    }
    for name, law in made.items():
        forcelaw.save(CORPUS / "law" / name, law, seed=0)
    for i, text in enumerate(
        (
            "2*(r - 1)",
            "-q_i*q_j/r**2\n-0.1*v",
            "where(r < 2, 1/r, exp(-r))\n(0, -9.8*m)",
            "min(r, 3)**(1/2) + tanh(r)*1.5e-3 - abs(r - 2)",
            "Piecewise((r**2, r < 1), (Max(r, 2), True))",
        )
    ):
        write(f"formula/{i}.txt", text)


def runs() -> None:
    curve = {"x": [0.5, 1.0, 1.5], "series": {"truth": [-1.0, 0.0, 1.0], "network": [-1, 0, None]},
             "x_label": "r", "y_label": "F", "points": ["network"]}  # fmt: skip
    score = {"mean": 0.9, "std": 0.01, "values": [0.9, 0.91]}
    scores = dict.fromkeys(("auc", "f1_macro", "f1_binary", "f1_micro"), score)
    documents = {
        "particles": {
            "schema": 1, "kind": "particles", "command": "particles discover", "version": "0.1.0",
            "source": "spring", "model": "pair", "bodies": 4, "dim": 2, "trajectories": 30,
            "noise": 0.0, "seed": 0, "formula": {"pair": "2*(r - 1)", "self": "-0.1*v"},
            "truth": {"pair": "2*(r - 1)", "self": "0"}, "residual": 1.1, "energy_drift": 1e-5,
            "pareto": [{"complexity": 1, "error": 1.0, "text": "r"},
                       {"complexity": 5, "error": 0.01, "text": "2*(r - 1)", "chosen": True}],
            "r2": {"force": 0.99, "force_trimmed": 1.0, "acceleration": None},
            "error": {"test": 0.01, "far": None}, "notes": ["A note."],
            "verdict": "approximation", "explained": 0.9, "causes": ["time"],
            "curve": {"r": [0.5, 1.0], "force": [-1.0, 0.1], "low": [-1.1, 0.0],
                      "high": [-0.9, 0.2], "explained": 0.9},
            "baselines": {"linear": {"test": 0.5, "far": None, "explained": 0.2}},
            "spread": {"constants": [{"value": 2.0, "deviation": 0.1}],
                       "choice": [{"text": "2*(r - 1)", "share": 0.9}]},
            "seconds": {"fit": 3.0}, "curves": {"force": curve, "energy": curve | {"log_y": True},
            "errors": [{"name": "forcelaw", "test": 0.1, "far": None}]},
        },
        "signed": {
            "schema": 1, "kind": "signed", "command": "signed evaluate", "version": "0.1.0",
            "dataset": "edges", "nodes": 3, "source_nodes": 4, "edges": 3, "positive": 0.66,
            "protocol": "pairs", "seeds": 2, "reverse_share": 0.1, "dim": 4,
            "cleanup": {"zero_ratings": 1}, "forcelaw": scores, "baseline": scores,
            "validation": {"forcelaw": scores}, "formulas": {"friend": "r - 1", "enemy": "-1/r"},
            "formula_r2": {"friend": 0.99, "enemy": None}, "formula_reach": 1.5,
            "springs": {"learned": True, "auc": 0.9}, "training": {"skipped": 0, "rollbacks": 1},
            "curves": {"force": curve, "reliability": curve, "embedding": {
                "position": [[0.0, 0.1], [1.0, 0.2], [0.5, 0.9]], "names": ["a", "b", "c"],
                "edges": [[0, 1, 1], [1, 2, -1]], "marker": 0.1, "caption": "x"}},
            "seconds": {"all": 3.0},
        },
    }  # fmt: skip
    for name, document in documents.items():
        write(f"run/{name}/results.json", json.dumps(document))
        write(
            f"run/{name}/metrics.jsonl",
            "".join(
                json.dumps(
                    {"epoch": e, "stage": 0, "loss": 1 / e, "validation": 2.0, "skipped": 0.0}
                )
                + "\n"
                for e in range(1, 5)
            ),
        )
        write(f"run/{name}/config.yaml", f"command: {document['command']}\nseed: 0\n")
    model = {"law": "Spring", "objective": "log-loss", "hidden": 8, "folds": 2, "features": True,
             "decoder_hidden": 32, "starts": 1, "schedule": "cosine", "steps": 20, "dt": 0.06,
             "damping": 1.7, "stages": [
                 {"epochs": 40, "learning_rate": 0.03, "steps": 20, "dt": 0.1, "damping": 1.7}
             ]}  # fmt: skip
    config = {"source": "edges", "content_hash": "8de7", "preset": "default", "dim": 4, "seed": 0,
              "precision": 32, "protocol": None, "scale": [-10.0, 10.0],
              "model": model}  # fmt: skip
    write("config/signed/config.yaml", yaml.safe_dump(config, sort_keys=False))
    config = {"source": "spring", "model": "pair", "batch": 8,
              "simulation": {"bodies": 4, "dt": 0.01}, "network": {"hidden": [16]},
              "stages": [{"epochs": 3, "learning_rate": 0.01}]}  # fmt: skip
    write("config/particles/config.yaml", yaml.safe_dump(config, sort_keys=False))


def trained() -> None:
    network = signed.synthetic(40, factions=2, noise=0.1, seed=0)
    source, target = ([network.names[i] for i in end] for end in (network.source, network.target))
    time = range(len(network.sign))
    both = signed.SignedNetwork.from_edges(source, target, network.sign * 2.5, time, name="both")
    for name, whole in (("pairs", network), ("directed", both)):
        parts = signed.split(whole, name, seed=0, validation=0.1)
        signed.save_split(parts, CORPUS / "split" / name, force=True)
    for name in ("train.csv", "test.csv"):
        write(
            f"split/given/{name}",
            "source,target,sign\n"
            + "".join(
                f"{u},{v},{s}\n" for u, v, s in (EDGES[:4] if name == "train.csv" else EDGES[4:])
            ),
        )
    stage = Stage(epochs=1, steps=3, dt=0.1, damping=1.0, learning_rate=0.01)
    tiny = Preset(law="Spring", stages=(stage,), steps=3, dt=0.1, damping=1.0, folds=2)
    SpringEmbedding(2, seed=0, preset=tiny).fit(network.pairs()).save(CORPUS / "embedding/tiny")
    stages = [Stage(epochs=2, learning_rate=0.01)]

    def loss(model, data, batch, stage, key):
        return jnp.mean((model.rest_length - batch) ** 2), jnp.asarray(1.0), {}

    train(Spring(), loss, jnp.ones((4, 1)), batches=lambda data, key: data, stages=stages,
          key=jax.random.key(0), optimizer=ADAM, folder=CORPUS / "run")  # fmt: skip
    (CORPUS / "checkpoint").mkdir(exist_ok=True)
    shutil.move(CORPUS / "run/checkpoints/latest.safetensors", CORPUS / "checkpoint")
    (CORPUS / "run/checkpoints").rmdir()
    write("stages.json", json.dumps([dataclasses.asdict(stage) for stage in stages]))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    shutil.rmtree(CORPUS, ignore_errors=True)
    Path(CORPUS).mkdir()
    for part in (networks, motion, laws, runs, trained):
        part()
