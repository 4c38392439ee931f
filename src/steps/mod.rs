//! steps: see ARCHITECTURE.md.
