//! (in progress)
mod course;
mod dice;
mod jwt;
mod payload;
