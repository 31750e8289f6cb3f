"""Why the origin's training of SPR-NN jumps, and what keeps it still.

    FORCELAW_DATA=folder python benchmarks/ablations/schedules.py [--dataset bitcoin-otc]
        [--settings staged-constant staged-cosine constant cosine slower]

SPR-NN in 64 dimensions (protocol `pairs`, seed 0, 10 % of the training pairs kept for validation),
300 updates each: the staged schedule of the origin's code followed by its published setting, at a
constant learning rate of .09 and at one that falls like a cosine; the published setting alone at
those two; and at a cosine that starts at .03, which is the preset. Prints the loss of hidden
training signs after every epoch, and AUC and macro-F1 on the validation part of the best epoch; the
table is in results/ablations/schedules.md.
"""

from __future__ import annotations

import argparse
import dataclasses

from forcelaw import signed
from forcelaw.training import Epoch

PRESET = signed.PRESETS["spr-nn"]


def preset(schedule: str, learning_rate: float, *, staged: bool) -> signed.Preset:
    published = dataclasses.replace(PRESET.stages[0], learning_rate=learning_rate)
    stages = (published,)
    if staged:
        stages = (*signed.origin_stages(learning_rate), dataclasses.replace(published, epochs=8))
    return dataclasses.replace(PRESET, stages=stages, schedule=schedule)


SETTINGS = {
    "staged-constant": preset("constant", 0.09, staged=True),
    "staged-cosine": preset("cosine", 0.09, staged=True),
    "constant": preset("constant", 0.09, staged=False),
    "cosine": preset("cosine", 0.09, staged=False),
    "slower": PRESET,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, default=list(SETTINGS))
    parser.add_argument("--dataset", default="bitcoin-otc")
    options = parser.parse_args()
    parts = signed.split(signed.dataset(options.dataset), "pairs", seed=0, validation=0.1)
    kept = parts.validation
    assert kept is not None
    for name in options.settings:
        model = signed.SpringEmbedding(64, seed=0, preset=SETTINGS[name])
        model.fit(parts.train, report=tell)
        probability = model.predict_proba(kept.pairs)[:, 1]
        found = signed.scores(kept.sign, probability, model.threshold_)
        best = min(epoch.metrics["loss"] for epoch in model.history_)
        last = model.history_[-1].metrics["loss"]
        print(
            f"{name}: loss {best:.4f} (best), {last:.4f} (last); "
            f"validation AUC {found['auc']:.4f}, macro-F1 {found['f1_macro']:.4f}",
            flush=True,
        )


def tell(epoch: Epoch) -> None:
    values = epoch.metrics
    print(
        f"stage {epoch.stage} epoch {epoch.epoch}: loss {values['loss']:.4f}, "
        f"skipped updates {values['skipped']:.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
