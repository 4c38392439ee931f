//! oracle: see ARCHITECTURE.md.
