"""A libnvidia-ml.so.1 for machines without a card: `python -m tests.nvml_stub DIR CARD`.

It compiles the library into DIR, puts CARD (see `cards.CARDS`: desktop, busy, wsl2, mig, …) beside it and prints the lines
that make any program see those cards:

    export LD_LIBRARY_PATH=DIR
    export NVML_STUB_CARDS=DIR/cards.txt

`eval "$(python -m tests.nvml_stub /tmp/cards busy)"; llmtui` shows them; `python -m tests.nvml_stub /tmp/cards lost` changes
them while it runs. A value may be edited in cards.txt by hand as well: it is read anew when it changes.
"""
