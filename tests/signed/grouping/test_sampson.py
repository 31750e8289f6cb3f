"""Sampson's monastery: who liked and disliked whom before the crisis, in groups."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from forcelaw import signed
from forcelaw.signed.frustration_index import CoupledGraph
from forcelaw.signed.grouping.generalised import contradicted_by_groups
from forcelaw.signed.grouping.potts import anneal_groups

NOVICES = [
    *("John Bosco", "Gregory", "Basil", "Peter", "Bonaventure", "Berthold"),
    *("Mark", "Victor", "Ambrose", "Romuald", "Louis", "Winfrid"),
    *("Amand", "Hugh", "Boniface", "Albert", "Elias", "Simplicius"),
]
AFFECT = """
     0 -2  3  0  0  0 -3  0  0 -1  0  1  0  2  0  0  0  0
     3  0  0 -3  0  0  1 -2  0  0  0  2 -1  0  0  0  0  0
     3 -2  0 -3  0 -2  0  0  0  0  0  0  2  0  0 -1  1  2
    -2 -3  0  0  3  1  0  0  0  0  2  0  0 -1  0  0  0  0
     0  0  0  3  0  0  0  0  1  0  2  0  0  0  0  0  0  0
     0 -1 -3  3  1  0 -2  0  2  0  0  0  0  0  0  0 -2  0
     0  3  0 -3  0 -2  0 -1  0  0  0  1  0  0  0  2  0  0
     0 -3 -2  3  0  2  0  0  1  0  0  0  0 -1  0  0  0  0
     0  0 -3  0  1  0  0  3  0  0  0  2  0  0  0  0 -2 -1
     0  0  0  3  1  0  0  0  1  0  0  0  2  0  0  0  0  0
    -1 -3 -2  0  2  0  0  3  0  0  0  0  0  1  0  0  0  0
     3  2  0  0  0  0  1  0  0  0  0  0  0  0  0  0  0  0
     0 -3  0  0  2 -2  1  0  0  0  0 -1  0  0  0  0  0  3
     3  0  0 -3  0  0  0 -2  0  0  0  1  0  0  2  0 -1  0
     0  3 -2 -1  0  0  1  0  0  0  0  2 -3  0  0  0  0  0
     0  3 -1 -3  0  0  2  0  0  0  0  0  0  0  1  0 -2  0
     0  1  2 -1  0 -3  0 -2  0  0  0  0  0  0  0  0  0  3
     0  1  2 -1  0  0  0 -3  0 -2  0  0  0  0  0  0  3  0
"""
"""Ranked choices, row of column: most liked 3, least liked -3. S. F. Sampson, A Novitiate in a
Period of Change, Cornell University 1968, Table D13, affect at the fourth time."""
TOTALS = (
    (12, 13, 7, 12, 10, 3, 6, 6, 5, 0, 4, 9, 4, 3, 3, 2, 4, 8),
    (3, 17, 13, 18, 0, 9, 5, 10, 0, 3, 0, 1, 4, 2, 0, 1, 7, 1),
)
"""Of the positive and of the negative choices in each column, as printed below the table."""
OUTCASTS = {"Basil", "Elias", "Simplicius"}
OPPOSITION = {"Peter", "Bonaventure", "Berthold", "Victor", "Ambrose", "Romuald", "Louis"}
BETWEEN = {"Amand"}
"""Sampson's groups; everybody else is of the Young Turks, and he sets Amand apart."""


@pytest.fixture(scope="module")
def ranks():
    return np.array([row.split() for row in AFFECT.strip().split("\n")], int)


@pytest.fixture(scope="module")
def network(ranks):
    source, target = np.nonzero(ranks)
    return signed.SignedNetwork.from_edges(
        [NOVICES[i] for i in source],
        [NOVICES[i] for i in target],
        ranks[source, target],
        name="Sampson",
    )


def test_the_table_has_the_totals_that_are_printed(ranks):
    assert ranks.shape == (18, 18) and not np.diag(ranks).any()
    assert np.maximum(ranks, 0).sum(axis=0).tolist() == list(TOTALS[0])
    assert np.maximum(-ranks, 0).sum(axis=0).tolist() == list(TOTALS[1])


def test_contradicted_ranks_are_as_few_as_published(ranks):
    # Doreian & Mrvar, Social Networks 18(2), 1996: 10.5, half of the ranks, in three clusters.
    ends = np.stack(np.nonzero(ranks), axis=1)
    graph = CoupledGraph(18, ends, ranks[tuple(ends.T)].astype(float))
    least = []
    for groups in (2, 3, 4):
        random = np.random.default_rng(0)
        found = anneal_groups(graph, groups, replicas=8, sweeps=100, random=random)
        least.append(contradicted_by_groups(graph, found[0]) / 2)
    assert least[1] == 10.5 and least[0] > 10.5
    # A fourth group explains no more.
    assert least[2] == 10.5


def test_balance_is_proven(network):
    found = signed.balance(network, seconds=20)
    assert found.frustration.exact and found.generalised.exact
    assert (found.frustration.upper, found.generalised.upper) == (13, 9)
    assert not found.balanced and found.clusters is None
    # Far more balanced than chance.
    assert found.shuffled.frustration.z < -2


def test_the_factions_are_those_that_sampson_saw(network):
    found = signed.factions(network)
    assert found.k == 3 and found.frustration == 9
    known = [
        0 if name in OUTCASTS else 1 if name in OPPOSITION else 2 for name in found.names
    ]  # fmt: skip
    kept = np.array([name not in BETWEEN for name in found.names])
    assert adjusted_rand_score(np.array(known)[kept], found.group[kept]) > 0.8
