//! One request of an operation, drafted from a prepared input.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{BindingFault, Draft, Expression, RouteStep};
use crate::binding::body::{self, EncodedBody, text};
use crate::binding::bulk::Bulk;
use crate::binding::jq::{JqFault, members_read, truthy};
use crate::binding::template;
use crate::domain::Phrase;

/// Input member that chooses one of the further bodies by its place in `media_kiriman`; it is not sent itself.
const MEDIA: &str = "media_kiriman";

impl RouteStep {
    /// Builds the request for a prepared input.
    pub async fn draft(&self, input: &Value) -> Result<Draft, BindingFault> {
        let link = input.get("tautan").and_then(Value::as_str);
        let address = match link {
            Some(link) => link.to_owned(),
            None => template::expand(&self.address, input).map_err(|why| self.fault("alamat", &why))?,
        };
        let mut query = Vec::new();
        if link.is_none() {
            for (name, expression) in &self.query {
                let value = self.value(expression, input, &["kueri", name]).await?;
                push(name, &value, &mut query);
            }
        }
        let mut headers = Vec::new();
        for (name, expression) in &self.headers {
            let value = self.value(expression, input, &["header", name]).await?;
            push(name, &value, &mut headers);
        }
        let body = self.encode(input).await?;
        let typed = headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if let Some(body) = body.as_ref().filter(|_| !typed) {
            headers.push(("Content-Type".into(), body.media_type.clone()));
        }
        Ok(Draft {
            method: self.method.clone(),
            address,
            link: link.is_some(),
            query,
            headers,
            body,
        })
    }

    /// Where the request goes, and the query that is added there; `None` where the input does not give the address.
    /// What a filter of the query cannot do without is left out.
    pub async fn place(&self, input: &Value) -> Option<(String, Vec<(String, String)>)> {
        let given = |name: &String| !matches!(input.get(name), None | Some(Value::Null));
        let variables = template::variables(&self.address);
        if !variables.iter().all(|(name, query)| *query || given(name)) {
            return None;
        }
        let address = template::expand(&self.address, input).ok()?;
        let mut query = Vec::new();
        for (name, expression) in &self.query {
            if let Ok(value) = self.value(expression, input, &["kueri", name]).await {
                push(name, &value, &mut query);
            }
        }
        Some((address, query))
    }

    /// The method of the request.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The request without its body: what a probe sends to an address in its own way.
    pub async fn bare(&self, input: &Value) -> Draft {
        let (address, query) = self.place(input).await.unwrap_or_default();
        let mut headers = Vec::new();
        for (name, expression) in &self.headers {
            if let Ok(value) = self.value(expression, input, &["header", name]).await {
                push(name, &value, &mut headers);
            }
        }
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        Draft {
            method: self.method.clone(),
            address,
            link: false,
            query,
            headers,
            body: None,
        }
    }

    /// Whether address, query or headers need one of these members.
    pub fn needs(&self, members: &BTreeSet<&str>) -> bool {
        let lists = self.query.iter().chain(&self.headers);
        let read = lists.filter_map(|(_, expression)| match expression {
            Expression::Filter(filter) => Some(members_read(filter.code())),
            Expression::Literal(_) => None,
        });
        let named = template::variables(&self.address).into_iter().map(|(name, _)| name);
        named.chain(read.flatten()).any(|name| members.contains(name.as_str()))
    }

    /// Whether the step's condition holds for a prepared input; one without a condition always applies.
    pub async fn applies(&self, input: &Value) -> Result<bool, BindingFault> {
        let Some(filter) = &self.when else { return Ok(true) };
        let mut small = input.clone();
        // A condition does not look into files.
        Bulk::lift(&mut small);
        let value = filter.run(small).await;
        value
            .map(|value| truthy(&value))
            .map_err(|fault| self.filter_fault(&["bila"], &fault))
    }

    async fn encode(&self, input: &Value) -> Result<Option<EncodedBody>, BindingFault> {
        let other = input.get(MEDIA).and_then(Value::as_u64);
        let other = other.and_then(|place| self.other_bodies.get(usize::try_from(place).ok()?));
        let Some(plan) = other.or(self.body.as_ref()) else {
            return Ok(None);
        };
        let mut small = input.clone();
        if let Some(members) = small.as_object_mut() {
            members.remove(MEDIA);
        }
        let bulk = Bulk::lift(&mut small);
        let mut value = match &plan.filter {
            Some(filter) => filter
                .run(small.clone())
                .await
                .map_err(|fault| self.filter_fault(&["badan", "jq"], &fault))?,
            None => without_nulls(&small),
        };
        bulk.lower(&mut value);
        let files = match &plan.files {
            Some((field, filter)) => {
                let files = filter.run(small).await;
                let mut files = files.map_err(|fault| self.filter_fault(&["badan", "berkas", "jq"], &fault))?;
                bulk.lower(&mut files);
                Some((field.as_str(), files))
            }
            None => None,
        };
        let files = files.as_ref().map(|(field, value)| (*field, value));
        let mut body = body::encode(plan.kind, &value, files).map_err(|why| self.fault("badan", &why))?;
        if let (Some(body), Some(expression)) = (&mut body, &plan.media_type)
            && let Value::String(media_type) = self.value(expression, input, &["badan", "jenis_media"]).await?
        {
            body.media_type = media_type;
        }
        Ok(body)
    }

    async fn value(&self, expression: &Expression, input: &Value, part: &[&str]) -> Result<Value, BindingFault> {
        match expression {
            Expression::Literal(text) => Ok(Value::String(text.clone())),
            Expression::Filter(filter) => filter
                .run(input.clone())
                .await
                .map_err(|fault| self.filter_fault(part, &fault)),
        }
    }

    /// A fault of one of this step's filters.
    pub fn filter_fault(&self, part: &[&str], fault: &JqFault) -> BindingFault {
        let keys = self
            .keys
            .iter()
            .cloned()
            .chain(part.iter().map(|part| (*part).to_owned()))
            .collect();
        filter_fault(keys, fault)
    }

    fn fault(&self, part: &str, why: &str) -> BindingFault {
        let keys = self.keys.iter().cloned().chain([part.to_owned()]).collect();
        BindingFault {
            keys,
            offset: None,
            message: Phrase::same(why),
            remedy: repair(),
        }
    }
}

pub(super) fn filter_fault(keys: Vec<String>, fault: &JqFault) -> BindingFault {
    BindingFault {
        keys,
        offset: (fault.offset > 0).then_some(fault.offset),
        message: fault.text.clone(),
        remedy: repair(),
    }
}

pub(super) fn repair() -> Phrase {
    Phrase::new(
        "Perbaiki ikatan; coba dengan `laik try PERNYATAAN OPERASI`.",
        "Correct the binding; try it by `laik try STATEMENT OPERATION`.",
    )
}

fn push(name: &str, value: &Value, list: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Array(items) => list.extend(items.iter().map(|item| (name.to_owned(), text(item)))),
        scalar => list.push((name.to_owned(), text(scalar))),
    }
}

fn without_nulls(input: &Value) -> Value {
    match input {
        Value::Object(members) => {
            let kept = members
                .iter()
                .filter(|(name, value)| !value.is_null() && name.as_str() != "geser");
            Value::Object(
                kept.map(|(name, value)| (name.clone(), value.clone()))
                    .collect::<Map<_, _>>(),
            )
        }
        other => other.clone(),
    }
}
