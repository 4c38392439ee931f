//! pack: see ARCHITECTURE.md.
