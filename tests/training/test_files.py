import json

import jax
import jax.numpy as jnp
import pytest

from forcelaw.errors import InputError
from forcelaw.laws import Law
from forcelaw.storage.law_files import load, load_manifest, save


class Constant(Law):
    """Accelerates every node alike."""

    value: jax.Array

    def __call__(self, graph, state, attributes):
        return jnp.broadcast_to(self.value, state.position.shape)

    def settings(self):
        return {"dim": self.value.shape[0]}

    @classmethod
    def from_settings(cls, settings):
        return cls(jnp.zeros(settings["dim"]))


@pytest.fixture
def saved(tmp_path):
    save(tmp_path / "run", Constant(jnp.asarray([1.0, 2.5])), seed=3, dataset="none")
    return tmp_path / "run"


def test_what_is_saved_is_loaded(saved):
    law = load(saved, own=[Constant])
    assert isinstance(law, Constant)
    assert jnp.array_equal(law.value, jnp.asarray([1.0, 2.5]))
    manifest = load_manifest(saved)
    assert manifest["seed"] == 3
    assert manifest["versions"]["jax"] == jax.__version__


def test_damage_is_named(saved, tmp_path):
    with pytest.raises(InputError, match="unknown law family 'Constant'"):
        load(saved)
    with pytest.raises(InputError, match=r"law\.json: no such file"):
        load(tmp_path / "nowhere")
    path = saved / "law.safetensors"
    whole = path.read_bytes()
    path.write_bytes(whole[:40])
    with pytest.raises(InputError, match=r"law\.safetensors: is not a whole safetensors file"):
        load(saved, own=[Constant])
    path.write_bytes(whole[:-1] + b"\x00")
    with pytest.raises(InputError, match="does not match"):
        load(saved, own=[Constant])
    path.write_bytes(whole)
    manifest = json.loads((saved / "law.json").read_text())
    (saved / "law.json").write_text(json.dumps({**manifest, "settings": {"dim": 3}}))
    with pytest.raises(InputError, match=r"array \.value is float32\[2\], expected float32\[3\]"):
        load(saved, own=[Constant])
    (saved / "law.json").write_text(json.dumps({**manifest, "settings": {}}))
    with pytest.raises(InputError, match="does not describe a Constant"):
        load(saved, own=[Constant])
    (saved / "law.json").write_text(json.dumps({**manifest, "schema": 99}))
    with pytest.raises(InputError, match="schema 99, expected 1"):
        load(saved, own=[Constant])
    (saved / "law.json").write_text("{")
    with pytest.raises(InputError, match="not readable JSON"):
        load(saved, own=[Constant])


def test_a_size_below_zero_is_refused(saved):
    manifest = json.loads((saved / "law.json").read_text())
    manifest["settings"] = {"dim": -1}
    (saved / "law.json").write_text(json.dumps(manifest))
    with pytest.raises(
        InputError, match=r"found a size of -1|law\.json: does not describe a Constant"
    ):
        load(saved, own=[Constant])
