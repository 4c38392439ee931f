//! feature: see ARCHITECTURE.md.
