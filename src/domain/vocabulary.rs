//! One macro for closed lists of words: an enum whose members know their identifier in files and the
//! words that features and reports use for them.

/// Declares a closed list of words.
///
/// Each member has the identifier of files (`pelapor_a`), the Indonesian words of features (`pelapor A`),
/// and the English words of reports. The list serialises as its identifier.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $id:literal, $indonesian:literal, $english:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$vmeta])* #[doc = concat!("`", $id, "`: ", $english, ".")] #[serde(rename = $id)] $variant,)+ }

        impl $name {
            /// Every member, in the order of the standard.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The identifier that files use.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// The words of features and of Indonesian reports.
            pub const fn indonesian(self) -> &'static str {
                match self { $(Self::$variant => $indonesian,)+ }
            }

            /// The words of English reports.
            pub const fn english(self) -> &'static str {
                match self { $(Self::$variant => $english,)+ }
            }

            /// Finds a member by its identifier.
            pub fn by_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.id() == id)
            }

            /// Finds a member by the words of a feature.
            pub fn by_words(words: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.indonesian() == words)
            }

            /// The words in both languages.
            pub fn phrase(self) -> $crate::domain::Phrase {
                $crate::domain::Phrase::new(self.indonesian(), self.english())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.id())
            }
        }
    };
}

pub(crate) use vocabulary;
