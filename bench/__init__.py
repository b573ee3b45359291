"""Measures of llmtui beside an empty app, plain docker and a bare table."""
