"""Tracks of bodies that come and go: tables of trackers, kinds as text, boxes, several files."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from dumps import recordings
from tables import motion, table

from forcelaw.errors import InputError
from forcelaw.particles import Trajectories, from_frame, from_tracks, read
from forcelaw.particles.data import Recordings

pytestmark = pytest.mark.filterwarnings("ignore::forcelaw.particles.EstimateWarning")


def tracks(absent=0.3, frames=30, bodies=5, seed=0):
    """A table as trackpy links it, its rows in the order of frames."""
    draw = np.random.default_rng(seed)
    frame, particle = np.indices((frames, bodies)).reshape(2, -1)
    x = np.cos(0.1 * frame + 2 * particle) * (1 + particle)
    y = np.sin(0.1 * frame + 2 * particle) * (1 + particle)
    whole = pd.DataFrame({"y": y, "x": x, "frame": frame, "particle": particle})
    kept = draw.random(len(whole)) >= absent
    kept[: 3 * bodies] = True
    return whole[kept].reset_index(drop=True)


def check(part, frame):
    """A recording holds each row of a table, and no other."""
    assert part.present.sum() == len(frame)
    assert not np.isfinite(part.position[~part.present]).any()
    row = np.searchsorted(part.time, frame["frame"] * (part.time[1] - part.time[0]) - 1e-9)
    column = [part.bodies.index(str(name)) for name in frame["particle"]]
    np.testing.assert_array_equal(part.position[row, column], frame[["x", "y"]])


@pytest.mark.parametrize("index", [True, False])
def test_bodies_come_and_go(tmp_path, index):
    frame = tracks()
    frame.to_csv(tmp_path / "a.csv", index=index)
    found: Any = read(tmp_path / "a.csv")
    assert isinstance(found, Recordings)
    check(recordings(found).parts[0], frame)
    assert "times are counted in frames: velocities are lengths per frame" in found.notes
    check(recordings(from_frame(frame)).parts[0], frame)
    check(recordings(from_tracks(frame, step=0.5)).parts[0], frame)


def test_rows_that_are_put_in_order_are_told(tmp_path):
    frame = tracks()
    swapped = frame.iloc[[*range(7), 12, *range(7, 12), *range(13, len(frame))]]
    swapped.to_csv(tmp_path / "a.csv")
    found: Any = read(tmp_path / "a.csv")
    check(recordings(found).parts[0], frame)
    (told,) = [note for note in found.notes if note.startswith("rows are put in the order of time")]
    who, when = frame["particle"].tolist(), frame["frame"].tolist()
    later = next(k for k in range(7, 12) if who[k] == who[12])
    assert f"body '{who[12]}' at time {when[later]} in line {later + 3}" in told
    by_body = frame.iloc[np.lexsort((when, who))]
    for rows in (frame, by_body):
        assert not any("order of time" in note for note in recordings(from_frame(rows)).notes)


def test_what_is_whole_stays_as_it_was(tmp_path):
    tracks(absent=0).to_csv(tmp_path / "a.csv")
    assert isinstance(read(tmp_path / "a.csv"), Trajectories)
    assert isinstance(from_tracks(tracks(absent=0)), Trajectories)


def test_brightness_is_no_mass(tmp_path):
    frame = tracks(absent=0)
    draw = np.random.default_rng(0)
    for name in ("mass", "size", "ecc", "signal", "raw_mass", "ep"):
        frame[name] = draw.random(len(frame))
    # The index of what trackpy links is the frame once more.
    frame.set_index(frame["frame"]).to_csv(tmp_path / "a.csv")
    found: Any = read(tmp_path / "a.csv")
    assert isinstance(found, Trajectories)
    assert not found.attributes
    assert "columns of trackpy: left aside, since they describe images: 'mass', 'size'" in (
        " ".join(found.notes)
    )


def test_trackmate(tmp_path):
    frame = tracks()
    lines = [
        "LABEL,ID,TRACK_ID,QUALITY,POSITION_X,POSITION_Y,POSITION_Z,POSITION_T,FRAME,RADIUS",
        "Label,Spot ID,Track ID,Quality,X,Y,Z,T,Frame,Radius",
        "Label,Spot ID,Track ID,Quality,X,Y,Z,T,Frame,R",
        ",,,(quality),(micron),(micron),(micron),(sec),,(micron)",
    ]
    rows = zip(*(frame[name].tolist() for name in ("particle", "x", "y", "frame")), strict=True)
    for k, (particle, x, y, t) in enumerate(rows):
        cells = [f"ID{k}", k, particle, 12.5 + k, x, y, 0.0, 0.5 * t, t, 2.5]
        lines.append(",".join(map(str, cells)))
    lines.append("ID999,999,,3.0,1,1,0,0.5,1,2.5")
    (tmp_path / "spots.csv").write_text("\n".join(lines) + "\n")
    part = recordings(read(tmp_path / "spots.csv")).parts[0]
    check(part, frame)
    assert part.time[1] == 0.5
    assert not part.attributes
    assert "z never changes: read as motion in a plane" in part.notes
    assert "spots of no track are left aside" in part.notes


@pytest.mark.parametrize("column", ["type", "species"])
def test_kinds_may_be_text(tmp_path, column):
    rows = [row | {column: "AB"[row["body"] == "b"]} for row in motion()]
    found: Any = read(table(tmp_path / "a.csv", rows))
    assert isinstance(found, Recordings)
    assert [part.species for part in found] == [("A", "B", "A")] * 2
    assert [part.name for part in found] == ["a.csv, 0", "a.csv, 1"]
    assert f"{column!r} tells the kinds of bodies" in " ".join(found.notes)
    assert found.parts[0].attributes["mass"].tolist() == [1, 2, 3]
    framed = from_frame(pd.DataFrame(rows))
    assert recordings(framed).parts[1].species == ("A", "B", "A")


def test_kinds_may_be_any_column_that_is_named(tmp_path):
    rows = [row | {"colour": 1 + (row["body"] == "b")} for row in motion(trajectories=1)]
    found = recordings(read(table(tmp_path / "a.csv", rows), species="colour"))
    assert found.parts[0].species == ("1", "2", "1")
    frame = pd.DataFrame(rows).rename(columns={"time": "frame", "body": "particle"})
    assert recordings(from_tracks(frame, species="colour")).parts[0].species == ("1", "2", "1")
    with pytest.raises(InputError, match=r"no column 'color', .*did you mean 'colour'"):
        read(tmp_path / "a.csv", species="color")
    with pytest.raises(InputError, match="no column 'kind'"):
        from_tracks(frame, species="kind")
    changing = [row | {"colour": "ab"[int(row["time"] > 0.5)]} for row in rows]
    with pytest.raises(InputError, match="found kind 'b' of body 'a' after 'a'"):
        read(table(tmp_path / "b.csv", changing), species="colour")


def test_trajectories_of_other_lengths_bodies_and_times(tmp_path):
    rows = [r for r in motion() if not r["trajectory"] or (r["body"] != "c" and r["time"] < 0.75)]
    found = recordings(read(table(tmp_path / "a.csv", rows)))
    assert [(part.n_times, part.n_bodies) for part in found] == [(12, 3), (8, 2)]
    assert found.has_velocity
    np.testing.assert_allclose(found.parts[1].time, np.arange(8) * 0.1)


def test_several_files_are_one_data_set(tmp_path):
    frame = tracks()
    frame.to_csv(tmp_path / "a.csv", index=False)
    tracks(absent=0, frames=10, bodies=2).to_csv(tmp_path / "b.csv", index=False)
    found: Any = read([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert [(part.n_times, part.n_bodies) for part in found] == [(30, 5), (10, 2)]
    assert [part.name for part in found] == ["a.csv", "b.csv"]
    check(found.parts[0], frame)
    assert len(read([tmp_path / "b.csv"])) == 1
    with pytest.raises(InputError, match="no recordings"):
        read([])


def test_edges_of_bodies_that_come_and_go(tmp_path):
    frame = tracks()
    path = tmp_path / "a.csv"
    frame.to_csv(path, index=False)
    path.write_text('# edges (sender, receiver): [["1", "0"], ["4", "2"]]\n' + path.read_text())
    assert recordings(read(path)).parts[0].edges.tolist() == [[1, 0], [4, 2]]


def test_a_box_is_given(tmp_path):
    frame = tracks(absent=0.2)
    place = np.asarray(frame[["x", "y"]]) + 0.7 * np.asarray(frame[["frame"]])
    wrapped = frame.assign(x=place[:, 0] % 8, y=place[:, 1] % 9)
    wrapped.to_csv(tmp_path / "a.csv", index=False)
    part = recordings(read(tmp_path / "a.csv", box=[8, 9])).parts[0]
    assert part.cell.vectors.tolist() == [[[8, 0], [0, 9]]]
    expected = np.full(part.position.shape, np.nan)
    expected[frame["frame"], frame["particle"]] = place
    shift = (part.position - expected)[part.present] / [8, 9]
    assert abs(shift - np.rint(shift)).max() < 1e-9
    for body in range(5):
        seen = part.present[:, body]
        moved = (part.position - expected)[seen, body]
        assert abs(moved - moved[0]).max() < 1e-9
    assert "unwrapped across the periodic box by the smallest step" in " ".join(part.notes)
    assert recordings(from_tracks(wrapped, box=(8, 9))).parts[0].cell is not None
    wrong: Any = ([8], [8, -1], [8, 9, 10, 11], "ab", [8, np.inf])
    for box in wrong:
        with pytest.raises(InputError, match="found box="):
            read(tmp_path / "a.csv", box=box)


def test_archives_hold_masks_boxes_and_kinds(tmp_path):
    draw = np.random.default_rng(0)
    position = np.cumsum(draw.normal(size=(20, 4, 2)), axis=0)
    present = draw.random((20, 4)) > 0.2
    present[:3] = True
    arrays = {"position": np.where(present[..., None], position, np.nan), "present": present}
    arrays |= {"box": np.array([90.0, 80.0]), "species": np.array(["a", "b", "a", "b"])}
    np.savez(tmp_path / "a.npz", **arrays, time=np.arange(20) * 0.1, mass=np.ones(4))
    part = recordings(read(tmp_path / "a.npz")).parts[0]
    np.testing.assert_array_equal(part.present, present)
    np.testing.assert_array_equal(part.position[present], position[present])
    assert part.species == ("a", "b", "a", "b")
    assert part.cell.vectors.tolist() == [[[90, 0], [0, 80]]]
    many = {
        **arrays,
        "box": np.linspace(90, 99, 40).reshape(20, 2),
        "position": arrays["position"][None],
    }
    np.savez(tmp_path / "b.npz", **many)
    assert recordings(read(tmp_path / "b.npz")).parts[0].cell.vectors.shape == (20, 2, 2)
    for name, value in {
        "present": np.ones((3, 3), bool),
        "species": np.array(["a"]),
        "box": np.ones(5),
        "velocity": np.ones((20, 4)),
        "mass": np.ones(3),
        "time": np.ones(3),
        "edges": np.ones((2, 2)),
        "bodies": np.array(["a"]),
    }.items():
        np.savez(tmp_path / "c.npz", **(arrays | {name: value}))
        with pytest.raises(InputError, match=f"c.npz: found {name!r} of shape"):
            read(tmp_path / "c.npz")


def test_parquet(tmp_path):
    pytest.importorskip("pyarrow")
    frame = tracks()
    frame.to_parquet(tmp_path / "a.parquet")
    check(recordings(read(tmp_path / "a.parquet")).parts[0], frame)
    whole = pd.DataFrame(motion())
    whole.to_parquet(tmp_path / "b.parquet")
    whole.to_csv(tmp_path / "b.csv", index=False)
    assert read(tmp_path / "b.parquet").content_hash == read(tmp_path / "b.csv").content_hash
    raw = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "c.parquet").write_bytes(raw[:-100])
    with pytest.raises(InputError, match=r"c.parquet: found no whole Parquet file"):
        read(tmp_path / "c.parquet")


def test_bodies_that_are_seen_once_are_no_tracks(tmp_path):
    rows = 20_000
    frame = pd.DataFrame({"frame": np.arange(rows) // 5, "particle": np.arange(rows), "x": 0.5})
    frame.to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(InputError, match="20,000 bodies in 4,000 snapshots, each seen in 1"):
        read(tmp_path / "a.csv")
