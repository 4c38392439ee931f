//! The `laik` command.

fn main() {}
