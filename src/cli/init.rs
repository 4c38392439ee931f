//! `laik init`: writes a commented frame of a statement. Never writes over a file.

use std::io::Write as _;
use std::path::PathBuf;

use super::{CommandError, Output};
use crate::exit::ExitCode;
use crate::phrase;

/// The frame; a test loads it.
pub(crate) const FRAME: &str = include_str!("init.toml");

/// Arguments of `laik init`.
#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// Berkas yang dibuat / the file to make
    #[arg(value_name = "FILE", default_value = "pernyataan.toml")]
    file: PathBuf,
}

/// Runs the command.
pub fn run(args: &InitArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    let name = args.file.display().to_string();
    let lang = output.lang();
    let opened = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&args.file);
    let written = opened.and_then(|mut file| file.write_all(FRAME.as_bytes()));
    match written {
        Ok(()) => {
            output.say(&phrase!(
                "{name} dibuat. Isi bagian yang bertanda ISI, lalu jalankan: laik doctor {name}",
                "{name} was made. Fill in what is marked ISI, then run: laik doctor {name}"
            ));
            Ok(ExitCode::Conformant)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(CommandError::usage(
            phrase!(
                "{name} sudah ada dan tidak ditimpa; hapus dahulu atau pakai nama lain",
                "{name} exists and is not written over; remove it or take another name"
            )
            .text(lang),
        )),
        Err(error) => Err(CommandError::usage(
            phrase!(
                "{name} tidak dapat ditulis: {error}",
                "{name} cannot be written: {error}"
            )
            .text(lang),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::{SecretSource, Statement};

    #[test]
    fn the_frame_is_a_whole_statement() {
        let loaded = Statement::parse(
            "init.toml",
            FRAME,
            std::path::Path::new("."),
            &SecretSource::Environment,
        );
        assert!(loaded.is_ok(), "{:?}", loaded.err());
    }

    #[test]
    fn writes_over_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let args = InitArgs {
            file: directory.path().join("p.toml"),
        };
        let mut output = Output::stdout(crate::domain::phrase::Lang::Id);
        assert!(run(&args, &mut output).is_ok());
        std::fs::write(&args.file, "milik saya").unwrap();
        assert!(run(&args, &mut output).is_err());
        assert_eq!(std::fs::read_to_string(&args.file).unwrap(), "milik saya");
    }
}
