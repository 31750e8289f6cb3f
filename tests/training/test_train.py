import dataclasses
import json

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from forcelaw.errors import InputError
from forcelaw.training import Stage, TrainingError, one_cycle, train

ROWS, BATCH = 24, 6


class Line(eqx.Module):
    slope: jax.Array
    offset: jax.Array


def line():
    return Line(jnp.zeros(2), jnp.zeros(()))


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS, 2)).astype(np.float32)
    return {"x": x, "y": x @ np.array([2.0, -1.0], np.float32) + np.float32(0.5)}


def loss(model, data, batch, stage, key):
    x, y = data["x"][batch], data["y"][batch]
    error = x @ model.slope + model.offset - y
    return jnp.mean(error**2), jnp.asarray(1.0), {"absolute": jnp.mean(jnp.abs(error))}


def batches(data, key):
    return jax.random.permutation(key, data["x"].shape[0]).reshape(-1, BATCH)


def validate(model, data, stage):
    return {"validation": loss(model, data, jnp.arange(ROWS), stage, None)[0]}


SIXTY = (Stage(epochs=60, learning_rate=0.05),)


def fit(data, *, stages=SIXTY, loss=loss, **rest):
    return train(line(), loss, data, batches=batches, stages=stages, key=jax.random.key(0), **rest)


def test_finds_the_line(data):
    trained = fit(data, stages=[Stage(200, learning_rate=0.05)], schedule=one_cycle)
    np.testing.assert_allclose(trained.model.slope, [2, -1], atol=1e-3)
    np.testing.assert_allclose(trained.model.offset, 0.5, atol=1e-3)
    assert len(trained.history) == 200
    assert set(trained.history[0].metrics) == {"loss", "absolute", "skipped", "rollbacks"}


def test_same_key_same_result(data):
    first, second = fit(data), fit(data)
    assert jnp.array_equal(first.model.slope, second.model.slope)


def test_a_schedule_of_stages_compiles_once(data):
    traces = 0

    def counted(model, data, batch, stage, key):
        nonlocal traces
        traces += 1
        return loss(model, data, batch, stage, key)

    fit(data, stages=[Stage(1)], loss=counted)
    once, traces = traces, 0
    stages = [Stage(2, 50, 0.01, 0.2, 0.1), Stage(3, 60, 0.02, 0.1, 0.01), Stage(1, 7, 1.0)]
    trained = fit(data, stages=stages, loss=counted)
    # Nor does a second training with the same functions compile anything.
    assert once > 0
    assert traces == 0
    assert [entry.stage for entry in trained.history] == [0, 0, 1, 1, 1, 2]


def test_accumulated_batches_equal_one_large_batch(data):
    def whole(data, key):
        return jnp.arange(ROWS)[None]

    def parts(data, key):
        return jnp.arange(ROWS).reshape(-1, BATCH)

    rest = {"stages": [Stage(5, learning_rate=0.1)], "key": jax.random.key(0)}
    large = train(line(), loss, data, batches=whole, **rest)
    small = train(line(), loss, data, batches=parts, accumulate=ROWS // BATCH, **rest)
    np.testing.assert_allclose(small.model.slope, large.model.slope, rtol=1e-5)
    with pytest.raises(ValueError, match="accumulate is 3, expected a divisor of the 4 batches"):
        train(line(), loss, data, batches=parts, accumulate=3, **rest)


def test_unequal_batches_count_by_their_weight(data):
    def weighted(model, data, batch, stage, key):
        rows, mask = batch
        x, y = data["x"][rows], data["y"][rows]
        square = jnp.where(mask, (x @ model.slope + model.offset - y) ** 2, 0)
        count = jnp.sum(mask.astype(float))
        return jnp.sum(square) / count, count, {}

    def cut(sizes):
        rows = np.zeros((len(sizes), ROWS), int)
        mask = np.zeros((len(sizes), ROWS), bool)
        starts = np.cumsum([0, *sizes])
        for i, size in enumerate(sizes):
            rows[i, :size] = np.arange(starts[i], starts[i + 1])
            mask[i, :size] = True
        return lambda data, key: (jnp.asarray(rows), jnp.asarray(mask))

    rest = {"stages": [Stage(3, learning_rate=0.1)], "key": jax.random.key(0)}
    optimizer = optax.identity()
    one = train(line(), weighted, data, batches=cut([24]), optimizer=optimizer, **rest)
    two = train(
        line(), weighted, data, batches=cut([5, 19]), optimizer=optimizer, accumulate=2, **rest
    )
    np.testing.assert_allclose(two.model.slope, one.model.slope, rtol=1e-5)


def test_best_model_is_the_one_of_the_lowest_validation(data):
    stages = [Stage(30, learning_rate=0.1), Stage(5, learning_rate=30.0)]
    trained = fit(data, stages=stages, validate=validate, keep_best="validation")
    values = [entry.metrics["validation"] for entry in trained.history]
    best = validate(trained.best, data, None)["validation"]
    np.testing.assert_allclose(best, min(values), rtol=1e-6)
    assert values[-1] > 10 * min(values)


class StopHereError(Exception):
    pass


@pytest.mark.parametrize("error", [StopHereError, KeyboardInterrupt])
def test_resumed_equals_uninterrupted(data, tmp_path, error):
    stages = [Stage(8, learning_rate=0.05), Stage(7, learning_rate=0.01)]
    rest = {"stages": stages, "validate": validate, "keep_best": "validation"}

    def stop(epoch):
        if epoch.epoch == 5:
            raise error

    with pytest.raises(error):
        fit(data, folder=tmp_path, report=stop, **rest)
    seen = []
    resumed = fit(data, folder=tmp_path, report=seen.append, **rest)
    assert [entry.epoch for entry in seen] == list(range(6, 16))
    whole = fit(data, **rest)
    assert jnp.array_equal(resumed.model.slope, whole.model.slope)
    assert jnp.array_equal(resumed.best.slope, whole.best.slope)
    assert resumed.history == whole.history
    again = fit(data, folder=tmp_path, report=lambda epoch: pytest.fail("trained again"), **rest)
    assert jnp.array_equal(again.model.slope, whole.model.slope)


def test_checkpoint_of_another_training_is_refused(data, tmp_path):
    fit(data, stages=[Stage(2)], folder=tmp_path)
    with pytest.raises(InputError, match="another schedule"):
        fit(data, stages=[Stage(3)], folder=tmp_path)
    with pytest.raises(InputError, match=r"\.slope.*float32\[2\], expected float32\[3\]"):
        train(
            Line(jnp.zeros(3), jnp.zeros(())),
            loss,
            {**data, "x": np.zeros((ROWS, 3), np.float32)},
            batches=batches,
            stages=[Stage(2)],
            key=jax.random.key(0),
            folder=tmp_path,
        )
    path = tmp_path / "checkpoints" / "latest.safetensors"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="not a whole safetensors file"):
        fit(data, stages=[Stage(2)], folder=tmp_path)


def test_updates_that_are_not_finite_are_skipped_and_counted(data):
    def sometimes_bad(model, data, batch, stage, key):
        value, weight, metrics = loss(model, data, batch, stage, key)
        return jnp.where(jnp.any(batch == 0), jnp.nan, 1.0) * value, weight, metrics

    trained = fit(data, loss=sometimes_bad)
    assert trained.history[-1].metrics["skipped"] == 60
    assert np.isfinite(trained.history[-1].metrics["loss"])
    np.testing.assert_allclose(trained.model.slope, [2, -1], atol=0.05)


def test_too_many_stop_with_the_place(data):
    def bad_offset(model, data, batch, stage, key):
        value, weight, metrics = loss(model, data, batch, stage, key)
        return value + jnp.sqrt(model.offset - 1.0), weight, metrics

    with pytest.raises(TrainingError, match=r"in a row were not finite, the first at update 0"):
        fit(data, loss=bad_offset)

    def infinite_slope(model, data, batch, stage, key):
        value, weight, metrics = loss(model, data, batch, stage, key)
        zero = jnp.where(batch[0] > -1, 0.0, 1.0)
        return value + jnp.sqrt(zero * jnp.abs(model.offset)), weight, metrics

    with pytest.raises(TrainingError, match=r"in \.offset"):
        fit(data, loss=infinite_slope)


def explosive(limit):
    """Not finite where the parameters have run away: as far as large steps take them."""

    def run_away(model, data, batch, stage, key):
        value, weight, metrics = loss(model, data, batch, stage, key)
        far = jnp.max(jnp.abs(model.slope)) > limit
        return jnp.where(far, jnp.nan, 1.0) * value, weight, metrics

    return run_away


LATE = [Stage(6, learning_rate=0.05), Stage(20, learning_rate=4.0)]


def test_a_training_that_diverges_goes_back_and_on_with_a_smaller_step(data):
    seen = []
    with pytest.warns(UserWarning, match="training diverged in epoch") as warned:
        trained = fit(data, stages=LATE, loss=explosive(2.5), report=seen.append)
    assert "rolled back to epoch 6 and tried again with steps 5 times" in str(warned[0].message)
    assert [entry.epoch for entry in trained.history] == list(range(1, 27))
    assert len(seen) > 26
    counts = [entry.metrics["rollbacks"] for entry in trained.history]
    assert counts == sorted(counts) and counts[-1] == len(warned)
    assert all(np.isfinite(entry.metrics["loss"]) for entry in trained.history)
    assert trained.history[-1].metrics["loss"] < trained.history[0].metrics["loss"]


@pytest.mark.filterwarnings("ignore:training diverged")
@pytest.mark.parametrize("after", range(1, 30, 4))
def test_resumed_equals_uninterrupted_across_a_rollback(data, tmp_path, after):
    rest = {"stages": LATE, "loss": explosive(2.5), "validate": validate, "keep_best": "validation"}
    whole = fit(data, **rest)
    reports = 0

    def stop(epoch):
        nonlocal reports
        reports += 1
        if reports == after:
            raise StopHereError

    with pytest.raises(StopHereError):
        fit(data, folder=tmp_path, report=stop, **rest)
    resumed = fit(data, folder=tmp_path, **rest)
    assert jnp.array_equal(resumed.model.slope, whole.model.slope)
    assert jnp.array_equal(resumed.best.slope, whole.best.slope)
    assert resumed.history == whole.history
    assert resumed.history[-1].metrics["rollbacks"] >= 1


def test_where_no_step_is_small_enough_it_starts_over_and_then_gives_up(data):
    said = []

    def hopeless(model, data, batch, stage, key):
        value, weight, metrics = loss(model, data, batch, stage, key)
        far = jnp.max(jnp.abs(model.slope)) > 1e-9
        return jnp.where(far, jnp.nan, 1.0) * value, weight, metrics

    with (
        pytest.warns(UserWarning, match="rolled back to the start") as warned,
        pytest.raises(TrainingError, match=r"rolled back 4 times.* far lower learning rate"),
    ):
        fit(data, loss=hopeless, report=said.append)
    assert len(warned) == 4
    assert {entry.metrics["rollbacks"] for entry in said} == {0.0, 1.0, 2.0, 3.0, 4.0}


def test_a_training_of_few_updates_that_are_all_skipped_is_none(data):
    def bad(model, data, batch, stage, key):
        value, weight, metrics = loss(model, data, batch, stage, key)
        return value * jnp.nan, weight, metrics

    with pytest.raises(TrainingError, match=r"before anything was learned.* 64 bits"):
        fit(data, stages=[Stage(1)], loss=bad)
    with pytest.raises(TrainingError, match="shorter time steps"):
        fit(data, stages=[Stage(1, steps=3, dt=0.1)], loss=bad)


def test_stage_checks_its_numbers():
    with pytest.raises(ValueError, match="stage: dt is -1"):
        Stage(1, dt=-1.0)
    with pytest.raises(ValueError, match="stage: learning_rate is nan"):
        Stage(1, learning_rate=float("nan"))
    assert json.dumps(dataclasses.asdict(Stage(1)))
