//! binding: see ARCHITECTURE.md.
