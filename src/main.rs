//! The `laik` command.

fn main() -> std::process::ExitCode {
    laik::cli::main().into()
}
