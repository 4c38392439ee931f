//! The reference complaint application: what an agency may copy. Layers: words and complaint → seams → store, policy, view … → service → http.
//! Knows of no switch and of no variant of itself; whoever starts it may hand it other parts (`seams`).

pub mod calendar;
pub mod clock;
pub mod complaint;
pub mod input;
pub mod problem;
pub mod words;

pub mod acts;
pub mod seams;
pub mod service;

pub mod database;
pub mod hub;
pub mod ids;
pub mod intake;
pub mod listing;
pub mod outbox;
pub mod paging;
pub mod password;
pub mod personal;
pub mod policy;
pub mod tokens;
pub mod view;

pub mod http;
