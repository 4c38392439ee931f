//! laik
fn main() {}
