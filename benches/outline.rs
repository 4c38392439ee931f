//! The figure of 1,000 checks; to come with the first whole run.

fn main() {}
