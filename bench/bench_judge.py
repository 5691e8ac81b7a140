"""How often the judge is right, by scene and attack, on films that it has not seen, and what it costs.

Another seed draws other films; the real ones are the samples of `SOURCES.md` beside the checkout.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from bench import judge_films as films
from rtv_core.evidence.proof_facts import proof_facts
from rtv_core.evidence.watching import watch_film

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "video"
TAKE_SECONDS = 9.0


def scenes(roll: np.random.Generator, samples: Path = SAMPLES) -> list[films.Source]:
    """Real cameras where their films are there, still scenes, flickering light, the simulator's scenes."""
    real = [
        films.real_source(samples / name, from_frame=begin)
        for name, begin in (
            ("one-by-one-person-detection.mp4", int(roll.integers(0, 900))),
            ("bottle-detection.mp4", int(roll.integers(0, 300))),
            ("vtest.avi", int(roll.choice([0, 405]))),
        )
        if (samples / name).exists()
    ]
    # Frame 404 of vtest.avi follows another take: its films begin or end there.
    real = [films.Source(one.name, one.rate, one.pictures[:380]) for one in real]
    made = films.made_source(roll)
    ground = real[0].pictures if real else made.pictures
    still = films.still_source(ground, roll, noise=float(roll.uniform(1, 4)))
    quiet = films.still_source(ground, roll, noise=0.0)
    lit = [films.flickering(still, roll), films.flickering(real[0] if real else made, roll)]
    return [*real, made, still, films.Source("still, no noise", 10, quiet.pictures), *lit]


def measure(seed: int = 1, *, rounds: int = 1) -> dict[str, Any]:
    """Answers by attack and scene, and CPU seconds for each second of film."""
    roll = np.random.default_rng(seed)
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    by_scene: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    spent, shown, worst = 0.0, 0.0, 0.0
    with tempfile.TemporaryDirectory(prefix="rtv-judge-bench-") as scratch:
        for _ in range(rounds):
            for source in scenes(roll):
                for name, attack in films.ATTACKS.items():
                    take = films.take_of(source, roll, TAKE_SECONDS)
                    forged = attack(take, source, roll)
                    made = films.encodings(roll)
                    suffix = ".webm" if made["codec"] == "libvpx" else ".mp4"
                    path = films.write_film(Path(scratch) / f"film{suffix}", forged, made)
                    began = process_time()
                    facts = proof_facts(watch_film(path), declared_seconds=forged.lasted_seconds)
                    cost = process_time() - began
                    spent, shown = spent + cost, shown + facts.seconds
                    worst = max(worst, cost / max(facts.seconds, 1e-6))
                    answers[name][facts.one_take.answer] += 1
                    kinds = "+".join(sorted({one.kind for one in facts.breaks}))
                    by_scene[source.name][name].append(f"{facts.one_take.answer} {kinds}".strip())
    return {
        "seed": seed,
        "answers": {name: dict(found) for name, found in answers.items()},
        "scenes": by_scene,
        "cpu_seconds_a_second_of_film": round(spent / shown, 3),
        "worst_cpu_seconds_a_second_of_film": round(worst, 3),
    }


def run() -> None:
    """Print the figures."""
    print(json.dumps(measure(), indent=2))


if __name__ == "__main__":
    run()
