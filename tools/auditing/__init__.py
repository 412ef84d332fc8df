"""An independent verifier of Daybook ledgers, written from docs/log-format.md, docs/events.md and docs/ledger.md alone."""
