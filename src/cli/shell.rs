//! `laik completion SHELL` and `laik man`: what a shell and `man` need, made from clap's own description of the
//! commands, so that they never lag behind it.

use std::io::Write;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, CommandError};
use crate::exit::ExitCode;

/// Arguments of `laik completion`.
#[derive(Debug, Args)]
pub struct CompletionArgs {
    /// Cangkang / shell: bash, elvish, fish, powershell, zsh
    pub shell: Shell,
}

/// Prints the completions of a shell.
pub fn completion(args: &CompletionArgs, out: &mut dyn Write) -> Result<ExitCode, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "laik", &mut script);
    write(out, &script)
}

/// Arguments of `laik man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Halaman satu perintah / the page of one command, such as run; without it, of laik itself
    pub command: Option<String>,
}

/// Prints a manual page.
pub fn man(args: &ManArgs, out: &mut dyn Write) -> Result<ExitCode, CommandError> {
    let mut whole = Cli::command();
    whole.build();
    let page = match &args.command {
        None => clap_mangen::Man::new(whole),
        Some(name) => {
            let known: Vec<_> = whole.get_subcommands().map(|one| one.get_name().to_owned()).collect();
            let found = whole.get_subcommands().find(|one| one.get_name() == name.as_str());
            let Some(found) = found else {
                let shown: String = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
                return Err(CommandError::usage(format!(
                    "`{shown}` bukan perintah / is no command: {}",
                    known.join(", ")
                )));
            };
            let title = format!("laik-{name}");
            clap_mangen::Man::new(found.clone().name(title.clone())).title(title)
        }
    };
    let mut text = Vec::new();
    page.render(&mut text).map_err(CommandError::harness)?;
    write(out, &text)
}

/// Whoever closes the pipe has read enough.
fn write(out: &mut dyn Write, bytes: &[u8]) -> Result<ExitCode, CommandError> {
    match out.write_all(bytes) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(CommandError::harness(error)),
        _ => Ok(ExitCode::Conformant),
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_completes_every_command() {
        for shell in Shell::value_variants() {
            let mut out = Vec::new();
            completion(&CompletionArgs { shell: *shell }, &mut out).unwrap();
            let script = String::from_utf8(out).unwrap();
            for command in Cli::command().get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
        }
    }

    #[test]
    fn every_command_has_its_page() {
        for command in Cli::command().get_subcommands() {
            let mut out = Vec::new();
            let args = ManArgs {
                command: Some(command.get_name().to_owned()),
            };
            man(&args, &mut out).unwrap();
            let page = String::from_utf8(out).unwrap();
            assert!(page.contains(".TH laik-"), "{page}");
        }
        let refused = man(
            &ManArgs {
                command: Some("\u{1b}lari".to_owned()),
            },
            &mut Vec::new(),
        );
        assert!(refused.unwrap_err().text.starts_with("`lari`"));
    }
}
