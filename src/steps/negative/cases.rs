//! The generator of bad data: from a good canonical input, cases that each break exactly one rule of the canonical
//! schema (`schemas/masukan.schema.json`). Deterministic; sends nothing and knows no application.

use serde_json::{Map, Value, json};

use crate::domain::Op;
use crate::oracle::negative::Class;
use crate::steps::dice::Dice;

/// Most cases of one run.
pub(super) const MOST: usize = 150;

/// One case: one fault.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    /// The kind of fault.
    pub(super) class: Class,
    /// The canonical member, `pelapor.email`; empty for a fault of the whole body.
    pub(super) field: String,
    /// What is done.
    pub(super) fault: Fault,
    /// Whether the application may do without the member.
    pub(super) optional: bool,
}

/// What is done to the input.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fault {
    /// The member is left out.
    Missing,
    /// The member has this value instead.
    Instead(Value),
    /// The body is no JSON: it breaks off.
    CutOff,
    /// The body is plain words.
    Words,
    /// There is no body.
    Nothing,
    /// The body is an array with the input in it.
    Array,
}

/// Members that hold text, and those that hold objects.
const TEXTS: &[&str] = &[
    "judul",
    "isi",
    "permintaan_penyelesaian",
    "klasifikasi",
    "tanggal_kejadian",
    "lokasi.alamat",
    "lokasi.kode_wilayah",
    "pelapor.nama",
    "pelapor.email",
    "pelapor.telepon",
    "pelapor.alamat",
    "alasan.teks",
    "unit_id",
    "id_sp4n",
];
const OBJECTS: &[&str] = &["lokasi", "pelapor"];

/// Wrong forms of members that have one.
const FORMS: &[(&str, &[&str])] = &[
    (
        "pelapor.email",
        &["tanpa-tanda-at.test", "dua@@uji.test", "ada spasi@uji.test"],
    ),
    ("lokasi.kode_wilayah", &["tiga-satu", "31A1"]),
    ("tanggal_kejadian", &["kemarin", "2026-13-40", "31/12/2025"]),
];

/// Generates the cases of one operation from a good input. `mandatory` are the members that it cannot do without;
/// `shuffled` decides their order and what is drawn.
pub(super) fn generate(base: &Value, mandatory: &[String], json_body: bool, dice: &mut Dice) -> Vec<Case> {
    let mut cases = Vec::new();
    let case = |class, field: &str, fault| Case {
        class,
        field: field.to_owned(),
        fault,
        optional: !mandatory.iter().any(|name| name == field),
    };
    for field in mandatory.iter().filter(|field| at(base, field).is_some()) {
        cases.push(case(Class::Hilang, field, Fault::Missing));
        cases.push(case(Class::Null, field, Fault::Instead(Value::Null)));
        cases.push(case(Class::Kosong, field, Fault::Instead(json!(""))));
        cases.push(case(Class::Spasi, field, Fault::Instead(json!("   "))));
    }
    for field in TEXTS
        .iter()
        .filter(|field| at(base, field).is_some_and(Value::is_string))
    {
        let wrong = [json!({"a": "b"}), json!(["a", "b"])];
        let drawn = dice.below(wrong.len());
        let needed = mandatory.iter().any(|name| name == field);
        // What must be there gets both, the rest one of the two.
        for (_, value) in wrong
            .into_iter()
            .enumerate()
            .filter(|(number, _)| needed || *number == drawn)
        {
            cases.push(case(Class::Jenis, field, Fault::Instead(value)));
        }
    }
    for field in OBJECTS
        .iter()
        .filter(|field| at(base, field).is_some_and(Value::is_object))
    {
        cases.push(case(Class::Jenis, field, Fault::Instead(json!("sebuah teks"))));
    }
    for (field, values) in FORMS.iter().filter(|(field, _)| at(base, field).is_some()) {
        cases.extend(
            values
                .iter()
                .map(|value| case(Class::Bentuk, field, Fault::Instead(json!(value)))),
        );
    }
    if json_body {
        for fault in [Fault::CutOff, Fault::Words, Fault::Nothing, Fault::Array] {
            cases.push(case(Class::Badan, "", fault));
        }
    }
    dice.shuffle(&mut cases);
    cases
}

/// The mandatory members of an operation: the text always, and what the statement says.
pub(super) fn mandatory(op: Op, declared: &[String]) -> Vec<String> {
    let always: &[&str] = match op {
        Op::Dispose => &[],
        _ => &["isi"],
    };
    let mut names: Vec<String> = always.iter().map(|name| (*name).to_owned()).collect();
    for name in declared {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

impl Case {
    /// The input with the fault in it. A fault of the whole body leaves it as it is.
    pub(super) fn apply(&self, base: &Value) -> Value {
        let mut input = base.clone();
        let (path, last) = self.field.rsplit_once('.').unwrap_or(("", &self.field));
        let place = if path.is_empty() {
            Some(&mut input)
        } else {
            input.get_mut(path)
        };
        if let Some(members) = place.and_then(Value::as_object_mut) {
            match &self.fault {
                Fault::Missing => drop(members.remove(last)),
                Fault::Instead(value) => drop(members.insert(last.to_owned(), value.clone())),
                _ => {}
            }
        }
        input
    }

    /// The bytes of a fault of the whole body, made of those of the good one.
    pub(super) fn body(&self, good: &[u8]) -> Option<Vec<u8>> {
        match &self.fault {
            Fault::CutOff => Some(good.get(..good.len().saturating_sub(1)).unwrap_or_default().to_vec()),
            Fault::Words => Some(b"bukan JSON".to_vec()),
            Fault::Nothing => Some(Vec::new()),
            Fault::Array => Some([b"[", good, b"]"].concat()),
            Fault::Missing | Fault::Instead(_) => None,
        }
    }

    /// Whether the refusal must name the member.
    pub(super) const fn names(&self) -> bool {
        matches!(
            self.class,
            Class::Hilang | Class::Null | Class::Kosong | Class::Spasi | Class::Bentuk
        )
    }
}

/// A member by its dotted path.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, name| value.get(name))
}

/// The members of an object; none of anything else.
pub(super) fn members(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const SCHEMA: &str = include_str!("../../../schemas/masukan.schema.json");

    fn validator(op: Op) -> jsonschema::Validator {
        let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
        schema["$ref"] = json!(format!("#/$defs/{op}"));
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap()
    }

    fn base(op: Op) -> (Value, Vec<String>) {
        let submission = json!({"klasifikasi": "pengaduan", "judul": "Judul uji", "isi": "Isi uji.", "kategori_id": "1",
            "tanggal_kejadian": "2026-11-24", "permintaan_penyelesaian": "Mohon diperbaiki.",
            "lokasi": {"kode_wilayah": "3171", "alamat": "Jalan A"},
            "pelapor": {"nama": "Warga Uji", "email": "warga@uji.test", "telepon": "085400000001", "alamat": "Jalan B"}});
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        match op {
            Op::Submit => (submission, mandatory(op, &names(&["judul", "isi", "kategori_id"]))),
            Op::HubDispatch => {
                let mut input = submission;
                input["id_sp4n"] = json!("S1");
                input["versi"] = json!(1);
                (input, mandatory(op, &names(&["id_sp4n", "judul"])))
            }
            Op::Dispose => (
                json!({"id": "1", "unit_id": "U1", "alasan": {"teks": "Alasan."}}),
                mandatory(op, &names(&["unit_id"])),
            ),
            _ => (
                json!({"id": "1", "isi": "Isi uji.", "judul": "Judul uji"}),
                mandatory(op, &[]),
            ),
        }
    }

    const OPS: [Op; 6] = [
        Op::Submit,
        Op::FollowUp,
        Op::Reply,
        Op::Dispose,
        Op::RequestInfo,
        Op::HubDispatch,
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn every_case_breaks_exactly_one_rule_of_the_canonical_schema(seed in "[a-z0-9]{1,16}") {
            for op in OPS {
                let (base, mandatory) = base(op);
                let validator = validator(op);
                prop_assert_eq!(validator.iter_errors(&base).count(), 0, "{}: the base is good", op);
                for case in generate(&base, &mandatory, true, &mut Dice::new(&seed)) {
                    let broken = validator.iter_errors(&case.apply(&base)).count();
                    let expected = usize::from(case.class != Class::Badan);
                    prop_assert_eq!(broken, expected, "{} {:?}", op, case);
                }
            }
        }

        #[test]
        fn the_same_seed_gives_the_same_cases_and_all_together_are_few(seed in "[a-z0-9]{1,16}") {
            let cases = |seed: &str| -> Vec<Case> {
                let mut dice = Dice::new(seed);
                OPS.iter()
                    .flat_map(|op| {
                        let (base, mandatory) = base(*op);
                        generate(&base, &mandatory, true, &mut dice)
                    })
                    .collect()
            };
            prop_assert_eq!(cases(&seed), cases(&seed));
            prop_assert!(cases(&seed).len() <= MOST, "{}", cases(&seed).len());
        }
    }

    #[test]
    fn bodies_are_broken_whatever_the_good_one_is() {
        let (base, mandatory) = base(Op::Submit);
        let good = base.to_string();
        for case in generate(&base, &mandatory, true, &mut Dice::new("x")) {
            if let Some(body) = case.body(good.as_bytes()) {
                let object = serde_json::from_slice::<Value>(&body).is_ok_and(|value| value.is_object());
                assert!(!object, "{case:?}");
            }
        }
    }

    #[test]
    fn a_body_that_is_no_json_gets_no_faults_of_json() {
        let (base, mandatory) = base(Op::Reply);
        let classes: BTreeSet<Class> = generate(&base, &mandatory, false, &mut Dice::new("x"))
            .iter()
            .map(|case| case.class)
            .collect();
        assert!(!classes.contains(&Class::Badan) && classes.contains(&Class::Hilang));
    }
}
