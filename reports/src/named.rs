//! Enums whose variants have names.

/// An enum with a name for each variant: all of them and their names in order, the name, and the way back; after `with` a
/// second text of each, by the method named there.
#[macro_export]
macro_rules! named {
    (
        $(#[$attribute:meta])* pub enum $type:ident with $second:ident {
            $($(#[$doc:meta])* $variant:ident = $name:expr => $text:literal,)+
        }
    ) => {
        $crate::named! { $(#[$attribute])* pub enum $type { $($(#[$doc])* $variant = $name,)+ } }

        impl $type {
            pub const fn $second(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
    ($(#[$attribute:meta])* pub enum $type:ident { $($(#[$doc:meta])* $variant:ident = $name:expr,)+ }) => {
        $(#[$attribute])*
        pub enum $type {
            $($(#[$doc])* $variant,)+
        }

        impl $type {
            pub const NAMES: [&'static str; [$($name,)+].len()] = [$($name,)+];
            pub const ALL: [Self; Self::NAMES.len()] = [$(Self::$variant,)+];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|known| known.name() == text)
            }
        }
    };
}

pub(crate) use named;
