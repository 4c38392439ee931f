//! What every step of a run shares.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::OnceCell;

use crate::evidence::{CanaryBook, Recorder, Secrets};
use crate::feature::plan::Claims;
use crate::hub::Hub;
use crate::judge::SharedJudge;
use crate::statement::Statement;
use crate::target::Target;

use super::pool::Pool;
use super::stop::StopFlag;

/// The parts of a [`RunCtx`].
pub struct RunCtxParts {
    /// The application under test.
    pub target: Target,
    /// The evidence log.
    pub recorder: Recorder,
    /// The judge that observes it.
    pub judge: SharedJudge,
    /// What the statement claims.
    pub claims: Claims,
    /// The statement.
    pub statement: Statement,
    /// Planted values.
    pub canaries: CanaryBook,
    /// Known secrets.
    pub secrets: Secrets,
    /// The hub simulator, where the statement wants one.
    pub hub: Option<Hub>,
    /// Asks the run to stop.
    pub stop: StopFlag,
    /// Whether the run may be intrusive (many writes, attacks).
    pub intrusive: bool,
    /// Seed of every random choice that is not a nonce.
    pub seed: u64,
}

/// What every step of a run shares.
pub struct RunCtx {
    parts: RunCtxParts,
    pool: Pool,
    fixtures: AtomicU32,
    categories: OnceCell<Vec<String>>,
    started: jiff::Timestamp,
}

impl RunCtx {
    /// Makes the context of a run.
    pub fn new(parts: RunCtxParts) -> Self {
        Self {
            parts,
            pool: Pool::default(),
            fixtures: AtomicU32::new(0),
            categories: OnceCell::new(),
            started: jiff::Timestamp::now(),
        }
    }

    /// The application under test.
    pub const fn target(&self) -> &Target {
        &self.parts.target
    }

    /// The evidence log.
    pub const fn recorder(&self) -> &Recorder {
        &self.parts.recorder
    }

    /// The judge.
    pub const fn judge(&self) -> &SharedJudge {
        &self.parts.judge
    }

    /// What the statement claims.
    pub const fn claims(&self) -> &Claims {
        &self.parts.claims
    }

    /// The statement.
    pub const fn statement(&self) -> &Statement {
        &self.parts.statement
    }

    /// Planted values.
    pub const fn canaries(&self) -> &CanaryBook {
        &self.parts.canaries
    }

    /// Known secrets.
    pub const fn secrets(&self) -> &Secrets {
        &self.parts.secrets
    }

    /// The hub simulator, where the statement wants one.
    pub const fn hub(&self) -> Option<&Hub> {
        self.parts.hub.as_ref()
    }

    /// The flag that stops the run.
    pub const fn stop(&self) -> &StopFlag {
        &self.parts.stop
    }

    /// Idle complaints.
    pub const fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The category ids of the first page, asked once a run.
    pub const fn categories(&self) -> &OnceCell<Vec<String>> {
        &self.categories
    }

    /// Whether the run may be intrusive (many writes, attacks).
    pub const fn intrusive(&self) -> bool {
        self.parts.intrusive
    }

    /// When the run began, by our own clock.
    pub const fn started(&self) -> jiff::Timestamp {
        self.started
    }

    /// Seed of every random choice that is not a nonce.
    pub const fn seed(&self) -> u64 {
        self.parts.seed
    }

    /// The number of the next complaint of this run.
    pub fn next_fixture(&self) -> u32 {
        self.fixtures.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// How long one step may take: many requests, each within `batas_jawab`, but never for ever.
    pub fn step_budget(&self) -> Duration {
        (self.parts.statement.answer_limit() * 20).clamp(Duration::from_mins(1), Duration::from_mins(15))
    }
}
