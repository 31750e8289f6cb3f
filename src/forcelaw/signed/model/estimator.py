"""The contract of everything that predicts signs: scikit-learn's, without importing it."""

from __future__ import annotations

import abc
import inspect
from collections.abc import Callable
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.errors import InvalidSetting, NotEnoughData, NotFitted, check_type
from forcelaw.signed.decoder import signs_from_probabilities
from forcelaw.signed.network import SignedNetwork, indices_of, training_network
from forcelaw.signed.settings import ModelSettings, SignedSettings
from forcelaw.signed.splits import check_trainable
from forcelaw.storage.settings import Settings, check_arguments

CLASSES = np.array([-1, 1])
"""The order of the columns of `predict_proba`."""

_BOUNDS = {"dim": SignedSettings, "seed": SignedSettings, "choices": ModelSettings}
"""The settings of the command line that bound a parameter of the same name."""


class FittedState(Protocol):
    """What is asked of the one object that a fit leaves behind."""

    @property
    def network(self) -> SignedNetwork:
        """The training network."""
        ...

    @property
    def threshold(self) -> float:
        """The probability from which a sign is called positive; chosen on training pairs."""
        ...


State = TypeVar("State", bound=FittedState)


class SignClassifier(abc.ABC, Generic[State]):
    """Parameters by name, tags, and signs from probabilities.

    scikit-learn's `BaseEstimator` would do the first part: to import it takes longer than all else
    that reading a saved model needs.
    """

    PARAMETERS: ClassVar[tuple[str, ...]]
    """Names of the constructor's arguments, each an attribute."""
    fitted_: State
    """All that `fit` learned and predictions read: immutable."""

    @abc.abstractmethod
    def fit(self, train_network: Any, y: Any = None) -> Self:
        """Learns from a training network, or from pairs of names and their signs `y`."""

    @abc.abstractmethod
    def predict_proba(self, pairs: Any) -> Float[np.ndarray, "pair 2"]:
        """Probabilities of a negative and of a positive sign.

        **Arguments:** `pairs` names of nodes, source and target: tuples, an array, a data frame
        of these columns, or a network, whose edges they are. Numbers are names; positions in the
        network's names are given as `NodeIndices`, such as `SignedPairs.pairs`. A pair with a
        name that the training network does not have gets the share of friends there.
        """

    @property
    def network_(self) -> SignedNetwork:
        """The training network. **Raises** `NotFitted` before `fit`, as all of these do."""
        return self._state().network

    @property
    def threshold_(self) -> float:
        """The probability from which a sign is called positive; chosen on training pairs."""
        return self._state().threshold

    @property
    def classes_(self) -> Int[np.ndarray, "2"]:
        """-1 and +1, the order of the columns of `predict_proba`."""
        self._state()
        return CLASSES

    def predict(self, pairs: Any) -> Int[np.ndarray, " pair"]:
        """Signs, +1 from `threshold_` on, or from 1/2 on where a node is not known.

        The threshold balances friends and enemies among pairs of known nodes. Of
        an unknown node nothing is known but the prior: its sign is the likelier one.
        """
        return signs_from_probabilities(
            self.predict_proba(pairs)[:, 1], self.knows(pairs), self.threshold_
        )

    def score(self, pairs: Any, signs: Any = None) -> float:
        """The share of pairs whose sign `predict` tells, as of scikit-learn's classifiers.

        Where most signs are positive, so is most of it: `fl.signed.scores` weighs both alike.

        **Arguments:** `pairs` as of `predict_proba`; `signs` the true ones, +1 or -1 `[pair]`, of a
        network by default its own.

        **Raises** `InvalidSetting` unless there is a sign for every pair; `NotEnoughData` without
        pairs.
        """
        if signs is None and isinstance(pairs, SignedNetwork):
            signs = pairs.sign
        predicted, true = self.predict(pairs), np.asarray(signs)
        if true.shape != predicted.shape or not np.isin(true, CLASSES).all():
            raise InvalidSetting(
                f"score: found signs of shape {list(true.shape)} for {len(predicted)} pairs, "
                "expected +1 or -1 for every pair; give the true sign of each"
            )
        if not len(true):
            raise NotEnoughData("score: found no pairs, expected at least one; give some")
        return float((predicted == true).mean())

    def knows(self, pairs: Any) -> Bool[np.ndarray, " pair"]:
        """Whether the training network has both nodes of each pair."""
        return np.asarray((indices_of(self.network_, pairs) >= 0).all(axis=1))

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The constructor's arguments."""
        return {name: getattr(self, name) for name in self.PARAMETERS}

    def set_params(self, **params: Any) -> Self:
        """Changes the constructor's arguments."""
        for name, value in params.items():
            if name not in self.PARAMETERS:
                raise InvalidSetting(
                    f"found parameter {name!r}, expected {', '.join(self.PARAMETERS)}"
                )
            setattr(self, name, value)
        return self

    def _training_network(self, given: Any, signs: Any = None) -> SignedNetwork:
        """What `fit` learns from, checked before any work; parameters are checked here, too.

        **Raises** `InvalidSetting` for a parameter out of its bounds or what is no network;
        `NotEnoughData` if the network has not edges of both signs.
        """
        for name in _BOUNDS.keys() & set(self.PARAMETERS):
            check_arguments(_BOUNDS[name], **{name: getattr(self, name)})
        if "settings" in self.PARAMETERS:
            kind = type(inspect.signature(type(self)).parameters["settings"].default)
            then = "change some: settings.model_copy(update=...)"
            check_type("settings", self.get_params()["settings"], kind, then=then)
        network = training_network(given, signs)
        check_trainable(network)
        return network

    def _with_prior(
        self,
        pairs: Any,
        positive: Callable[[Int[np.ndarray, "known 2"]], Float[np.ndarray, " known"]],
    ) -> Float[np.ndarray, "pair 2"]:
        """Both columns of `predict_proba`: of known nodes what `positive` tells, else the prior."""
        ends = indices_of(self.network_, pairs)
        known = (ends >= 0).all(axis=1)
        found = np.full(len(ends), self.network_.positive_share)
        if known.any():
            found[known] = positive(ends[known])
        return np.stack([1 - found, found], axis=1)

    def __sklearn_is_fitted__(self) -> bool:
        return "fitted_" in vars(self)

    def _state(self) -> State:
        if "fitted_" not in vars(self):
            raise NotFitted(f"found an unfitted {type(self).__name__}; call fit first, or load one")
        return self.fitted_

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags, TransformerTags

        tags = Tags("classifier", TargetTags(required=False))
        # Pairs of names, or a network; numbers with a fraction are no names.
        tags.classifier_tags = ClassifierTags(multi_class=False)
        tags.transformer_tags = TransformerTags() if hasattr(self, "transform") else None
        tags.input_tags = InputTags(string=True)
        return tags

    def __repr__(self) -> str:
        # Settings as they are unless changed say nothing, at length.
        shown = {
            name: value
            for name, value in self.get_params().items()
            if not (isinstance(value, Settings) and value == type(value)())
        }
        given = ", ".join(f"{name}={value!r}" for name, value in shown.items())
        return f"{type(self).__name__}({given})"
