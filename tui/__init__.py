"""llmtui: the terminal console for people who serve models with vLLM in Docker."""

__version__ = "0.1.0"
