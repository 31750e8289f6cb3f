"""What scikit-learn asks of an estimator beside fitting and predicting."""

from __future__ import annotations

import abc
from typing import Any, ClassVar, Self

from forcelaw.errors import InvalidSetting


class Estimator(abc.ABC):
    """Parameters by name, tags, and whether it has been fitted; without importing scikit-learn."""

    PARAMETERS: ClassVar[tuple[str, ...]]
    """Names of the constructor's arguments, each an attribute."""

    @abc.abstractmethod
    def fit(self, train_network: Any, y: None = None) -> Self:
        """Learns from a training network."""

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

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "law_")

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import Tags, TargetTags

        return Tags("classifier", TargetTags(required=False))

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({given})"
