//! selftest: see ARCHITECTURE.md.
