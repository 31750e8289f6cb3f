"""What is asked of a whole tree, and trees with other parts in place of some."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from forcelaw.laws.expression.tree import Call, Constant, Node, Parameter, Variable


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, a parent before its children, left before right."""
    yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from walk(argument)


def variable_names(node: Node) -> tuple[str, ...]:
    """The names of all variables, sorted."""
    return tuple(sorted({part.name for part in walk(node) if isinstance(part, Variable)}))


def constant_indices(node: Node) -> tuple[int, ...]:
    """The indices of all constants, sorted."""
    return tuple(sorted({part.index for part in walk(node) if isinstance(part, Constant)}))


def parameters(node: Node) -> list[Parameter]:
    """The parameters in reading order, each as often as it stands there."""
    return [part for part in walk(node) if isinstance(part, Parameter)]


def with_parameters(node: Node, values: Sequence[Node]) -> Node:
    """The same tree with parameters in place of its constants."""
    return _leaves_replaced(
        node, lambda leaf: values[leaf.index] if isinstance(leaf, Constant) else leaf
    )


def with_constants(node: Node) -> Node:
    """The same tree with constants, numbered in reading order, in place of its parameters."""
    count = iter(range(len(parameters(node))))
    return _leaves_replaced(
        node, lambda leaf: Constant(next(count)) if isinstance(leaf, Parameter) else leaf
    )


def replaced(node: Node, trees: Mapping[str, Node]) -> Node:
    """The same tree with other trees in place of some variables."""
    return _leaves_replaced(
        node, lambda leaf: trees.get(leaf.name, leaf) if isinstance(leaf, Variable) else leaf
    )


def _leaves_replaced(node: Node, change: Callable[[Node], Node]) -> Node:
    if not isinstance(node, Call):
        return change(node)
    parts = tuple(_leaves_replaced(argument, change) for argument in node.arguments)
    return Call(node.operator, parts)
