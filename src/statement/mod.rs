//! statement: see ARCHITECTURE.md.
