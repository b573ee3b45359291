"""Will it fit? vLLM's memory reckoned before the launch, from config.json, the settings and the card. Pure.

The way through the rooms:

* `config.model(config.json)` gives a `Model`; with `headers.read(…)` of the weight files in `Model.files` its weights are exact.
* `flags.settings(profile, version)` gives the `Settings`, and a `Card` is filled from what the driver says now.
* `estimate.estimate(model, settings, card)` gives a `Fit` in less than a millisecond, so it can follow one's typing:
  verdict, reason, every part of the bar, what the cache holds, the longest context, the lowest utilization, the uncertainty.
* `corrected.corrected(model, settings, card, boots)` does the same with what `printed.read(lines)` found in earlier starts.
* `words` has the user's words for parts and reasons, `bar.cells(fit, width)` the bar to scale.
* `question.answer(object)` is the JSON contract of `llmtui fit --json -`.
"""
