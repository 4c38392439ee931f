//! The parts of which the application is put together, each behind a trait, so that one can be replaced without the others noticing.

use std::sync::Arc;

use axum::Router;
use http::HeaderMap;
use http::request::Parts as RequestHead;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::complaint::{Account, Caller, Complaint, Event, Receipt, Reference, StoredFile};
use super::intake::Draft;
use super::listing::{Criterion, ListQuery, Page, Scope, Window};
use super::problem::{Kind, Problem};
use super::words::Action;
use crate::domain::Status;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in whole milliseconds.
    fn now(&self) -> Timestamp;
    /// Moves the clock to a moment from which it runs on, or back to the machine's; a clock that cannot stays.
    fn set(&self, _to: Option<Timestamp>) {}
}

/// Gives identifiers.
pub trait Ids: Send + Sync {
    /// An identifier that nothing else has or will have.
    fn unique(&self) -> Result<String, Problem>;
    /// A tracking number that nobody can guess.
    fn tracking(&self) -> Result<String, Problem>;
}

/// Issues tokens and reads them back.
pub trait Tokens: Send + Sync {
    /// A token for an account, valid from `now`.
    fn issue(&self, account: &Account, now: Timestamp) -> Result<String, Problem>;
    /// The account id that a valid token speaks for.
    fn verify(&self, token: &str, now: Timestamp) -> Result<String, BadToken>;
    /// Ends the life of a token.
    fn revoke(&self, token: &str);
}

/// A token that is not valid, for whatever reason; the caller is not told which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadToken;

/// Finds the token of a request.
pub trait Bearer: Send + Sync {
    /// The token that the headers carry; `None` where they name nobody.
    fn token(&self, headers: &HeaderMap) -> Result<Option<String>, BadToken>;
}

/// What a change of a complaint adds beside the complaint itself.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// New entries of the history, in order.
    pub events: Vec<Event>,
    /// New files.
    pub files: Vec<StoredFile>,
}

/// How a change is made to a complaint inside of its transaction.
pub type Edit<'a> = &'a mut dyn FnMut(&mut Complaint) -> Result<Change, Problem>;

/// Keeps complaints.
pub trait Store: Send + Sync {
    /// Keeps a new complaint with its files and its first events, all or nothing.
    fn insert(&self, complaint: &Complaint, added: &Change) -> Result<Receipt, Problem>;
    /// Finds by identifier.
    fn find(&self, id: &str) -> Result<Option<Complaint>, Problem>;
    /// Finds by identifier where it is written; what `find` reads may follow a little later.
    fn latest(&self, id: &str) -> Result<Option<Complaint>, Problem>;
    /// Finds by tracking number.
    fn find_tracking(&self, number: &str) -> Result<Option<Complaint>, Problem>;
    /// Changes one complaint in a transaction of its own; others wait.
    fn change(&self, id: &str, edit: Edit<'_>) -> Result<Complaint, Problem>;
    /// The history, oldest first.
    fn history(&self, id: &str) -> Result<Vec<Event>, Problem>;
    /// A page of complaints.
    fn list(&self, query: &ListQuery) -> Result<Page, Problem>;
    /// Counts by status and by classification over a period.
    fn statistics(&self, scope: &Scope, period: &[Criterion]) -> Result<Statistics, Problem>;
    /// The categories, in order.
    fn categories(&self) -> Result<Vec<Reference>, Problem>;
    /// The units.
    fn units(&self) -> Result<Vec<Reference>, Problem>;
    /// The agencies.
    fn agencies(&self) -> Result<Vec<Reference>, Problem>;
    /// Finds an account by its id.
    fn account(&self, id: &str) -> Result<Option<Account>, Problem>;
    /// Finds the account whose name and password these are.
    fn log_in(&self, username: &str, password: &str) -> Result<Option<Account>, Problem>;
}

/// Keeps what comes from the hub, and finds what the hub wants to know.
pub trait Exchange: Send + Sync {
    /// Keeps a complaint with this `hub_id` exactly once: new with its first events and files, or, if there is one
    /// already, by an edit of that one; all or nothing. Tells whether it is new.
    fn deliver(&self, complaint: &Complaint, added: &Change, edit: Edit<'_>) -> Result<(Complaint, bool), Problem>;
    /// Entries of all histories in the order in which they were written, a page of them.
    fn changes(&self, wanted: &Wanted) -> Result<Vec<Changed>, Problem>;
}

/// Which changes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Behind this position; 0 is the beginning.
    pub behind: i64,
    /// At this moment or later.
    pub since: Timestamp,
    /// At most so many.
    pub take: u64,
}

/// An entry of a history, with where it stands among all.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// Its position; later ones have greater ones.
    pub position: i64,
    /// The entry.
    pub event: Event,
    /// The complaint as it is now.
    pub complaint: Complaint,
    /// How many follow-ups the complaint had with this entry.
    pub follow_ups: usize,
}

/// Counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// All.
    pub total: u64,
    /// By status.
    pub by_status: Vec<(String, u64)>,
    /// By classification.
    pub by_classification: Vec<(String, u64)>,
}

/// Gives the bytes of files.
pub trait Files: Send + Sync {
    /// The bytes of a file of a complaint.
    fn content(&self, complaint: &str, file: &str) -> Result<Option<StoredFile>, Problem>;
}

/// Finds complaints by words.
pub trait Search: Send + Sync {
    /// Complaints within the scope that the text fits.
    fn find(&self, scope: &Scope, text: &str, window: &Window) -> Result<Page, Problem>;
}

/// From where somebody looks at a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewpoint {
    /// Anybody.
    Public,
    /// The reporter.
    Owner,
    /// An officer of a unit that it was given to.
    Officer,
    /// The administrator.
    Admin,
    /// An overseer.
    Overseer,
}

/// Decides who may do what, and which move of status is allowed. The one place for both.
pub trait Policy: Send + Sync {
    /// From where the caller sees the complaint; `None` = not at all.
    fn viewpoint(&self, caller: &Caller, complaint: &Complaint) -> Option<Viewpoint>;
    /// Whether the caller may do this to a complaint that they see.
    fn may(&self, caller: &Caller, action: Action, complaint: &Complaint) -> bool;
    /// Whether the caller may submit.
    fn may_submit(&self, caller: &Caller) -> bool;
    /// Whether the caller may hand over dispositions of the hub.
    fn may_deliver(&self, caller: &Caller) -> bool;
    /// Whether the caller may pull changes for the hub.
    fn may_pull(&self, caller: &Caller) -> bool;
    /// What the caller's lists hold.
    fn scope(&self, caller: &Caller) -> Scope;
    /// The status after the act, or the problem that it is not allowed now.
    fn next(&self, action: Action, complaint: &Complaint, now: Timestamp) -> Result<Status, Problem>;
}

/// Turns what is kept into what a caller is shown.
pub trait View: Send + Sync {
    /// A whole complaint.
    fn record(&self, from: Viewpoint, complaint: &Complaint) -> Value;
    /// A complaint in a list.
    fn summary(&self, from: Viewpoint, complaint: &Complaint) -> Value;
    /// An entry of its history.
    fn event(&self, from: Viewpoint, complaint: &Complaint, event: &Event) -> Value;
    /// What somebody who knows the tracking number is shown.
    fn tracking(&self, complaint: &Complaint, history: &[Event]) -> Value;
    /// What the reporter is told after submitting.
    fn receipt(&self, receipt: &Receipt) -> Value;
}

/// Reads what a reporter sent.
pub trait Intake: Send + Sync {
    /// A draft of the body's members, or the problem with them.
    fn draft(&self, body: &Map<String, Value>, caller: &Caller, categories: &[Reference]) -> Result<Draft, Problem>;
}

/// Reads numbers out of query parameters.
pub trait Numbers: Send + Sync {
    /// The number that the text of the named parameter stands for.
    fn parse(&self, name: &str, text: &str) -> Option<i64>;
}

/// Reads which page is wanted, and tells which one comes next.
pub trait Paging: Send + Sync {
    /// The part of the list that the query asks for.
    fn window(&self, query: &[(String, String)], numbers: &dyn Numbers) -> Result<Window, Problem>;
    /// The answer's members about the page, and its headers. `address` is path and query of the request.
    fn describe(&self, window: &Window, page: &Page, address: &str) -> Result<(Value, HeaderMap), Problem>;
}

/// Tells the hub what happened.
pub trait Outbox: Send + Sync {
    /// The body of an update (`hub.update` of model.md).
    fn body(&self, complaint: &Complaint, event: &Event, id: &str) -> Value;
    /// Queues it; updates leave in this order.
    fn queue(&self, body: Value) -> Result<(), Problem>;
}

/// Chooses the status code of a refusal.
pub trait Refusals: Send + Sync {
    /// The code for a kind of problem.
    fn status(&self, kind: Kind) -> u16;
}

/// Looks at each request before the application does.
pub trait Listener: Send + Sync {
    /// Whether the connection is closed instead of an answer.
    fn drops(&self, head: &RequestHead) -> bool;
}

/// Puts something before or in place of routes.
pub type RouteOverride = Box<dyn FnOnce(Router, &Parts) -> Router + Send>;

/// Every part. Cheap to clone.
#[derive(Clone)]
pub struct Parts {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives identifiers.
    pub ids: Arc<dyn Ids>,
    /// Issues and reads tokens.
    pub tokens: Arc<dyn Tokens>,
    /// Finds tokens in requests.
    pub bearer: Arc<dyn Bearer>,
    /// Keeps complaints.
    pub store: Arc<dyn Store>,
    /// Keeps what comes from the hub.
    pub exchange: Arc<dyn Exchange>,
    /// Gives the bytes of files.
    pub files: Arc<dyn Files>,
    /// Finds by words.
    pub search: Arc<dyn Search>,
    /// Decides.
    pub policy: Arc<dyn Policy>,
    /// Shows.
    pub view: Arc<dyn View>,
    /// Reads submissions.
    pub intake: Arc<dyn Intake>,
    /// Reads numbers.
    pub numbers: Arc<dyn Numbers>,
    /// Pages.
    pub paging: Arc<dyn Paging>,
    /// Tells the hub.
    pub outbox: Arc<dyn Outbox>,
    /// Codes of refusals.
    pub refusals: Arc<dyn Refusals>,
    /// Looks at requests first.
    pub listener: Arc<dyn Listener>,
}
