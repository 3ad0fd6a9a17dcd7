//! Parameters of a query.

/// A parameter that is empty is left out.
pub(super) fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
