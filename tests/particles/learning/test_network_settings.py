"""Arguments of a network that a user may choose."""

import inspect

import jax
import pytest

from forcelaw.errors import InputError
from forcelaw.laws import MessageNetwork
from forcelaw.laws.networks import Perceptron
from forcelaw.laws.networks.radial_functions import Radial
from forcelaw.particles.learning import network_arguments
from forcelaw.particles.learning.network_settings import KINDS, NETWORKS, NOT_ASKED


@pytest.mark.parametrize("model", NETWORKS)
def test_every_argument_of_every_network_is_known_or_ours(model):
    names = set(inspect.signature(NETWORKS[model].__init__).parameters)
    assert names - NOT_ASKED <= set(KINDS)


@pytest.mark.parametrize("model", NETWORKS)
@pytest.mark.parametrize("hidden", [8, [8, 4], (8,)])
def test_hidden_layers_by_one_width_or_by_a_list(model, hidden):
    found = network_arguments(model, {"hidden": hidden})
    law = NETWORKS[model](2, key=jax.random.key(0), **found)
    learned = law.edge if isinstance(law, MessageNetwork) else law.radial
    learned = learned.heads if isinstance(learned, Radial) else learned
    assert isinstance(learned, Perceptron)
    layers = learned.sizes[1:-1]
    assert set(layers) <= {8, 4} and (hidden == 8) == (len(layers) > 1 and set(layers) == {8})


@pytest.mark.parametrize(
    ("model", "given", "message"),
    [
        ("pair", {"hiden": 64}, "x.hiden: found no setting 'hiden' .* did you mean 'hidden'"),
        ("pair", {"message": 3}, "model 'pair', expected one of one_body, hidden, activation"),
        ("message", {"one_body": True}, "expected one of message, hidden"),
        ("message", {"key": 1}, "no setting 'key'"),
        ("pair", {"hidden": "wide"}, "found 'wide', expected units of every hidden layer"),
        ("pair", {"hidden": [64, 0]}, "expected units"),
        ("pair", {"hidden": []}, "expected units"),
        ("pair", {"hidden": True}, "expected units"),
        ("pair", {"one_body": 1}, "x.one_body: found 1, expected true or false"),
        ("pair", {"own": 1}, "x.own: found 1, expected true or false"),
        ("message", {"own": True}, "x.own: found no setting 'own'"),
        ("pair", {"one_body": True, "own": True}, "x.own: found 'own' beside 'one_body'"),
        ("message", {"message": 0}, "components from 1 on"),
    ],
)
def test_wrong_arguments_are_named_with_those_there_are(model, given, message):
    with pytest.raises(InputError, match=message):
        network_arguments(model, given, place=lambda name: f"x.{name}")


def test_the_name_of_the_first_release_is_read():
    assert network_arguments("pair", {"own": False}) == {"one_body": False}
