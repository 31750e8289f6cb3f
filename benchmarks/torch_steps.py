"""The contenders of `message_network_step.py` in PyTorch, and the input of all of them."""

# Of the extra `bench`.
# pyright: reportMissingImports=false

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

HIDDEN, MESSAGE, WEIGHT, RATE = 300, 100, 1e-2, 1e-3


def numbers(bodies: int, batch: int) -> dict[str, np.ndarray]:
    """The same input for everyone."""
    random = np.random.default_rng(0)
    shape = (batch, bodies)
    return {
        "position": random.normal(size=(*shape, 2)).astype(np.float32),
        "velocity": random.normal(size=(*shape, 2)).astype(np.float32),
        "acceleration": random.normal(size=(*shape, 2)).astype(np.float32),
        "mass": np.exp(random.normal(size=shape)).astype(np.float32),
        "charge": random.choice([-1.0, 1.0], size=shape).astype(np.float32),
    }


def torch_steps(
    name: str, bodies: int, batch: int, device: str = "cpu", precision: str = "highest"
) -> Callable[[int], None]:
    import torch

    torch.manual_seed(0)
    torch.set_default_device(device)
    torch.set_float32_matmul_precision(precision)
    given = {
        name: torch.from_numpy(value).to(device) for name, value in numbers(bodies, batch).items()
    }
    named = [given["mass"][..., None], given["charge"][..., None]]
    features = torch.cat([given["position"], given["velocity"], *named], dim=2)
    build = geometric if name == "pyg" else dense
    network, loss = build(torch, features, given["acceleration"])
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE, fused=name == "torch" or None)

    def run(steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            loss().backward()
            optimizer.step()
        if device != "cpu":
            torch.cuda.synchronize()

    return run


def perceptrons(torch: Any, features: int) -> Any:
    def perceptron(inputs: int, outputs: int) -> Any:
        sizes = [inputs, HIDDEN, HIDDEN, HIDDEN, outputs]
        layers: list[Any] = []
        for inner, outer in itertools.pairwise(sizes):
            layers += [torch.nn.Linear(inner, outer), torch.nn.ReLU()]
        return torch.nn.Sequential(*layers[:-1])

    return perceptron(2 * features, MESSAGE), perceptron(features + MESSAGE, 2)


def geometric(torch: Any, features: Any, acceleration: Any) -> Any:
    """As users of PyTorch Geometric write it: one graph of all examples, and an edge list."""
    from torch_geometric.nn import MessagePassing

    class Network(MessagePassing):
        def __init__(self) -> None:
            super().__init__(aggr="add")
            self.edge, self.node = perceptrons(torch, features.shape[-1])

        def forward(self, x: Any, edge_index: Any) -> Any:
            return self.propagate(edge_index, x=x)

        def message(self, x_i: Any, x_j: Any) -> Any:
            self.messages = self.edge(torch.cat([x_i, x_j], dim=1))
            return self.messages

        def update(self, inputs: Any, x: Any) -> Any:
            return self.node(torch.cat([x, inputs], dim=1))

    batch, bodies = features.shape[:2]
    pairs = torch.tensor([(s, r) for r in range(bodies) for s in range(bodies) if s != r])
    shifts = bodies * torch.arange(batch)[:, None, None]
    edge_index = (pairs[None] + shifts).reshape(-1, 2).T.contiguous()
    x, target = features.flatten(0, 1), acceleration.flatten(0, 1)
    network = Network()

    def loss() -> Any:
        error = (network(x, edge_index) - target).abs().mean()
        return error + WEIGHT * network.messages.abs().mean()

    return network, loss


def dense(torch: Any, features: Any, acceleration: Any) -> Any:
    """Without any package of graphs: all ordered pairs by broadcasting, the diagonal left out."""
    batch, bodies, size = features.shape
    network = torch.nn.ModuleList(perceptrons(torch, size))
    step = torch.arange(1, bodies)
    sender = (torch.arange(bodies)[:, None] + step[None]) % bodies

    def loss() -> Any:
        wide = features[:, :, None].expand(batch, bodies, bodies - 1, size)
        messages = network[0](torch.cat([wide, features[:, sender]], dim=-1))
        predicted = network[1](torch.cat([features, messages.sum(dim=2)], dim=-1))
        return (predicted - acceleration).abs().mean() + WEIGHT * messages.abs().mean()

    return network, loss
