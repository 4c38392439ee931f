//! laik: is a complaint application fit to be connected to SP4N-LAPOR!?
//!
//! The modules stand in reading order; `ARCHITECTURE.md` has the map and the invariants.

#[cfg(panic = "abort")]
compile_error!("laik needs unwinding: a step halts by it, and a panic of ours must become ERROR, not the end of the run");

pub mod domain;
pub mod source;

pub mod catalogue;
pub mod feature;

pub mod verdict;
pub mod evidence;
pub mod oracle;
pub mod judge;

pub mod binding;
pub mod statement;
pub mod target;
pub mod hub;

pub mod run;
pub mod steps;

pub mod pack;
pub mod report;

pub mod sandbox;
pub mod selftest;

pub mod cli;
pub mod text;
