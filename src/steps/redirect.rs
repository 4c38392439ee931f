//! TK-24: what may make an application redirect, and the look at every redirect of the run.

use serde_json::json;

use crate::domain::{Actor, Op};
use crate::evidence::record::Part;
use crate::oracle::odd_input::Input;
use crate::oracle::redirect::{Allowed, EVERY_EXCHANGE, Norm, PROVOKED, Params, WHOLE};
use crate::run::{Ask, CallBuilder, Caller, Complaint, Halt, World};
use crate::target::Extra;

use super::args::{Args, cell};
use super::chain;
use super::dice::Dice;
use super::odd_input::address_of;
use super::provoked::{Provoked, Swept, unknown_token};
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^pengalihan dipancing dengan <P>:$" "redirects are provoked with {1}:" => provoke;
    maka r"^tidak satu pun pengalihan membawa ke tempat lain$" "no redirect leads elsewhere" => limited;
    maka r"^setiap pengalihan dinyatakan$" "every redirect is declared" => declared;
];

async fn provoke(world: &mut World, args: Args) -> Result<(), Halt> {
    let complaint = world.complaint(&args.object(1)?)?.clone();
    let caller = world.caller()?;
    let nonce = caller.cx().canaries().nonce();
    let mut dice = Dice::new(&format!("{nonce}/{}/{}", world.row(), world.attempt()));
    let own = caller.call(Op::Read, complaint.owner, json!({"id": complaint.id}));
    let read = own.object(&*complaint.label).part(Part::ControlBefore).send().await?;
    let address = address_of(&read.record);
    let mut swept = Swept::default();
    for row in args.table()? {
        let words = cell(&row, "jalan")?;
        let cause = Cause::by_words(words)
            .ok_or_else(|| Halt::error(format!("line {}: `{words}` makes nobody redirect", args.line)))?;
        let mut input = Input {
            key: words.to_owned(),
            ..Input::default()
        };
        match cause.call(&caller, &complaint, address.as_deref(), &mut dice).await? {
            Ok(call) => {
                let answered = call.class(words).part(Part::Probe).send().await?;
                input.seqs.push(answered.record.seq);
                swept.records.push(answered.record);
            }
            Err(claim) => input.left_out = Some(claim),
        }
        swept.inputs.push(input);
    }
    world.memory::<Provoked>().0 = Some(swept);
    Ok(())
}

async fn limited(world: &mut World, _: Args) -> Result<(), Halt> {
    judge(world, Norm::Limited).await
}

async fn declared(world: &mut World, _: Args) -> Result<(), Halt> {
    judge(world, Norm::Declared).await
}

async fn judge(world: &mut World, norm: Norm) -> Result<(), Halt> {
    let entries = &world.cx()?.statement().document().api.pengalihan;
    let allowed: Vec<_> = entries
        .iter()
        .map(|entry| Allowed {
            op: entry.operasi,
            status: entry.status,
            host: entry.host.clone(),
        })
        .collect();
    if let Some(swept) = world.memory::<Provoked>().0.clone() {
        let params = json!(Params {
            norm,
            allowed,
            inputs: swept.inputs.clone()
        });
        return world.check(swept.ask(PROVOKED, params)).await;
    }
    let params = json!({"attempt": world.attempt(), "norm": norm, "allowed": allowed});
    world
        .check(Ask {
            oracle: EVERY_EXCHANGE,
            params,
            declared: vec![WHOLE.to_owned()],
            ..Ask::default()
        })
        .await
}

/// What may make an application redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    SlashBehindRead,
    SlashBehindWrite,
    SlashMissing,
    UpperCase,
    Next,
    Expired,
}

impl Cause {
    fn by_words(words: &str) -> Option<Self> {
        Some(match words {
            "garis miring di ujung alamat" => Self::SlashBehindRead,
            "garis miring di ujung alamat kiriman" => Self::SlashBehindWrite,
            "garis miring yang hilang" => Self::SlashMissing,
            "alamat berhuruf besar" => Self::UpperCase,
            "parameter next ke host lain" => Self::Next,
            "sesi yang tidak berlaku" => Self::Expired,
            _ => return None,
        })
    }

    /// The call, or what the statement lacks for it.
    async fn call(
        self,
        caller: &Caller,
        complaint: &Complaint,
        address: Option<&str>,
        dice: &mut Dice,
    ) -> Result<Result<CallBuilder, String>, Halt> {
        let read = || {
            let call = caller.call(Op::Read, complaint.owner, json!({"id": complaint.id}));
            call.object(&*complaint.label)
        };
        let at = |url: Option<String>| {
            let url = url.ok_or_else(|| "alamat baca tanpa jalur".to_owned())?;
            Ok(read().extra(Extra {
                url: Some(url),
                ..Extra::default()
            }))
        };
        let suffix = || Extra {
            path_suffix: Some("/".to_owned()),
            ..Extra::default()
        };
        Ok(match self {
            Self::SlashBehindRead => Ok(read().extra(suffix())),
            Self::SlashBehindWrite => return self.write(caller, complaint.owner, suffix()).await,
            Self::SlashMissing => at(address.and_then(without_slash)),
            Self::UpperCase => at(address.and_then(upper_case)),
            Self::Next => Ok(read().extra(Extra {
                query: vec![("next".to_owned(), Some(format!("https://{ELSEWHERE}/")))],
                ..Extra::default()
            })),
            Self::Expired => unknown_token(caller, complaint.owner, dice).map(|sent| read().sent(sent)),
        })
    }

    /// A submission at its address with a slash behind.
    async fn write(self, caller: &Caller, owner: Actor, extra: Extra) -> Result<Result<CallBuilder, String>, Halt> {
        let draft = chain::draft(caller, owner, crate::run::BakuOptions::default()).await?;
        Ok(Ok(caller.call(Op::Submit, owner, draft.input).extra(extra)))
    }
}

/// The address without its last slash; where it has none, that of the base above it, which should have one.
fn without_slash(address: &str) -> Option<String> {
    let address = address.split(['?', '#']).next()?;
    let (scheme, rest) = address.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let path = match path.strip_suffix('/') {
        Some(path) => path,
        None => path.rsplitn(3, '/').nth(2)?,
    };
    (!path.is_empty()).then(|| format!("{scheme}://{host}/{path}"))
}

/// The address with its path in upper case.
fn upper_case(address: &str) -> Option<String> {
    let address = address.split(['?', '#']).next()?;
    let (scheme, rest) = address.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let upper = path.to_ascii_uppercase();
    (upper != path).then(|| format!("{scheme}://{host}/{upper}"))
}

/// A host that is nobody's.
const ELSEWHERE: &str = "laik-lain.test";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_slash_or_lead_to_their_base() {
        let lost = |address: &str| without_slash(address);
        assert_eq!(
            lost("http://h:1/api/tickets/7/"),
            Some("http://h:1/api/tickets/7".to_owned())
        );
        assert_eq!(
            lost("http://h:1/api/v1/pengaduan/7?a=1"),
            Some("http://h:1/api/v1".to_owned())
        );
        assert_eq!(lost("http://h/x/7"), None);
        assert_eq!(upper_case("http://h/api/7"), Some("http://h/API/7".to_owned()));
        assert_eq!(upper_case("http://h/7"), None);
    }
}
