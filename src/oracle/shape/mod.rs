//! What every answer of the run must look like: schemas (DT-01), codes (DT-02), raw times (DT-07), raw types (DT-14).
//! Folds over all exchanges; they leave out whatever a probe asked for on purpose.

mod answers;
pub mod codes;
pub mod schema;
pub mod times;
pub mod types;
mod views;
