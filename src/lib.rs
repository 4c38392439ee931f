//! laik: is a complaint application fit to be connected to SP4N-LAPOR!?
//!
//! The modules stand in reading order; `ARCHITECTURE.md` has the map and the invariants.

#[cfg(panic = "abort")]
compile_error!(
    "laik needs unwinding: a step halts by it, and a panic of ours must become ERROR, not the end of the run"
);

pub mod domain;
pub mod exit;
pub mod source;

pub mod catalogue;
pub mod feature;

pub mod evidence;
pub mod judge;
pub mod oracle;
pub mod verdict;

pub mod binding;
pub mod hub;
pub mod statement;
pub mod target;

pub mod assessment;
pub mod run;
pub mod steps;

pub mod pack;
pub mod report;

pub mod attestation;
pub mod certificate;
pub mod gate;

pub mod sandbox;
pub mod selftest;

pub mod cli;
