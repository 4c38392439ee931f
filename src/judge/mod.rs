//! judge: see ARCHITECTURE.md.
