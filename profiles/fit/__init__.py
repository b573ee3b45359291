"""Will it fit? vLLM's memory reckoned before the launch, from config.json, the settings and the card. Pure.

The way through the rooms: `config.model(config.json)` gives a `Model`, `headers` corrects its weights by the files, and
`estimate.estimate(model, settings, card)` gives a `Fit`, whose parts are drawn to scale; `corrected.corrected(fit, printed)`
takes what vLLM printed in an earlier boot. `question` is the JSON contract of `llmtui fit --json -`.
"""
