//! cucumber's writer: counts what cucumber saw, so that the engine can reconcile it with what it asked for.
//! Evidence never flows through it.

use cucumber::{Event, Writer, cli, event, parser};

use super::world::World;

/// What cucumber reported.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    /// Scenarios that ended.
    pub(crate) finished: usize,
    /// Features that did not parse or expand; a fault of ours, because the lint ran before.
    pub(crate) parse_faults: Vec<String>,
    /// Hooks that panicked.
    pub(crate) hook_faults: Vec<String>,
}

impl Writer<World> for Collector {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<event::Cucumber<World>>>, _: &cli::Empty) {
        let event = match event {
            Ok(event) => event.into_inner(),
            Err(error) => {
                self.parse_faults.push(error.to_string());
                return;
            }
        };
        let event::Cucumber::Feature(_, feature) = event else {
            return;
        };
        let (event::Feature::Scenario(_, scenario) | event::Feature::Rule(_, event::Rule::Scenario(_, scenario))) =
            feature
        else {
            return;
        };
        match scenario.event {
            event::Scenario::Finished => self.finished += 1,
            event::Scenario::Hook(kind, event::Hook::Failed(..)) => {
                let place = super::panics::last_panic().unwrap_or_default();
                self.hook_faults.push(format!("{kind} hook: {place}"));
            }
            _ => {}
        }
    }
}

/// Scenarios are told apart by their records, not by their order.
impl cucumber::writer::Normalized for Collector {}
