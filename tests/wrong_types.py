"""Run by test_errors in a process without checked shapes: what users see who give the wrong thing.

Prints one line of JSON: of every call, the class of the error and its message.
"""

# Wrong arguments are the point here.
# pyright: reportArgumentType=false, reportCallIssue=false, reportAttributeAccessIssue=false

import json

import numpy as np

import forcelaw as fl

data = fl.particles.simulate("spring", trajectories=3, steps=4)
formula = fl.particles.FoundFormula.of(fl.Formula.parse("2*(r - 1)"))
nothing = fl.State(np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32))
network = fl.signed.synthetic(20, degree=4)
embedding = fl.signed.SpringEmbedding

CALLS = {
    "discover a name": lambda: fl.particles.discover("x"),
    "discover an array": lambda: fl.particles.discover(data.position),
    "discover settings": lambda: fl.particles.discover(data, settings={}),
    "discover searchers": lambda: fl.particles.discover(data, searchers=("pysr",)),
    "discover seed": lambda: fl.particles.discover(data, seed="a"),
    "judge": lambda: fl.particles.judge(data, None),
    "fit": lambda: fl.particles.fit("x"),
    "fit settings": lambda: fl.particles.fit(data, settings={}),
    "fit start": lambda: fl.particles.fit(data, start="2*(r - 1)"),
    "distill_law": lambda: fl.particles.distill_law(data),
    "distill": lambda: fl.distill.distill({"r": [1, 2]}, [1, 2], searchers="pysr"),
    "infer_masses": lambda: fl.particles.infer_masses("x"),
    "write": lambda: fl.particles.write(data.position, "x.npz"),
    "rollout": lambda: formula.rollout(data, steps=2, dt=0.1),
    "rollout of one": lambda: formula.rollout(data.initial[0], steps=2, dt=0.1),
    "rollout steps": lambda: formula.rollout(data.initial, steps=-1, dt=0.1),
    "predict_motion": lambda: fl.particles.predict_motion("spring", data.initial, steps=1, dt=0.1),
    "rollout of arrays": lambda: fl.rollout(
        formula, data.graph, data.position[0, 0], steps=1, dt=1
    ),
    "insert_formula": lambda: fl.particles.insert_formula(formula, formula),
    "social_force": lambda: fl.signed.social_force("run"),
    "embed": lambda: fl.signed.embed("run", network),
    "force_formulas": lambda: fl.signed.force_formulas("run"),
    "predict": lambda: fl.signed.predict("run", [("a", "b")]),
    "save_split": lambda: fl.signed.save_split(network, "split"),
    "nobody": lambda: fl.rollout(formula, fl.Graph.complete_graph(2), nothing, steps=1, dt=1),
    "simulate": lambda: fl.particles.simulate(3),
    "simulate noise": lambda: fl.particles.simulate("spring", noise="x"),
    "simulate bodies": lambda: fl.particles.simulate("spring", bodies=2.5),
    "embedding": lambda: embedding().fit("edges.csv"),
    "embedding dim": lambda: embedding(dim=2.5).fit(network),
    "embedding dim text": lambda: embedding(dim="a").fit(network),
    "embedding preset": lambda: embedding(preset=3).fit(network),
    "views": lambda: embedding().views_of("edges.csv"),
    "features alone": lambda: fl.signed.FeaturesAlone(choices="x").fit(network),
    "right signs": lambda: fl.signed.RightSigns(settings=3).fit(network),
    "baseline": lambda: fl.signed.FeatureBaseline().fit("edges.csv"),
    "spectral": lambda: fl.signed.SpectralBaseline().fit("edges.csv"),
    "split": lambda: fl.signed.split("edges.csv", "pairs"),
    "evaluate": lambda: fl.signed.evaluate("edges.csv", "pairs"),
    "apply": lambda: fl.signed.apply("default", "edges.csv"),
    "layout": lambda: fl.signed.layout("edges.csv"),
    "to_pandas": lambda: fl.signed.to_pandas("edges.csv"),
    "to_networkx": lambda: fl.signed.to_networkx("edges.csv"),
    "to_scipy": lambda: fl.signed.to_scipy("edges.csv"),
    "node_attributes": lambda: fl.signed.node_attributes("edges.csv"),
    "top_degree": lambda: fl.signed.top_degree_subgraph("edges.csv", 3),
}


def answer(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__, str(error)
    return None, ""


print(json.dumps({name: answer(call) for name, call in CALLS.items()}))
