//! What JSON of providers has in common: numbers as text, null, NaN, times with fractions.

use super::answer::Fault;
use crate::text::clip;
use crate::time::{Instant, RecordTime};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A document of a form.
pub fn document<T: DeserializeOwned>(body: &str) -> Result<T, Fault> {
    serde_json::from_str(body).map_err(|e| Fault::form(format!("the answer is not as documented: {e}")))
}

/// A number, or text that may be one; none of what the provider does not know: null, NaN and empty text.
pub fn decimal(value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::String(text) => {
            let text = text.trim();
            let unknown = text.is_empty() || ["nan", "null"].iter().any(|word| text.eq_ignore_ascii_case(word));
            Ok((!unknown).then(|| text.to_string()))
        }
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err("is not a number".into()),
    }
}

/// When something was published: a fraction of a second rounds up, for it was not known before.
pub fn published(text: &str) -> Result<Instant, String> {
    let time = RecordTime::parse(text).map_err(|_| format!("`{}` is not an RFC 3339 time", clip(text)))?;
    Ok(time.plus_micros(999_999).instant())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_come_as_numbers_or_text_and_unknown_is_never_zero() {
        for (value, wanted) in [
            (json!(91), Some("91")),
            (json!(0), Some("0")),
            (json!(-1.25), Some("-1.25")),
            (json!(" 91 "), Some("91")),
            (json!("x"), Some("x")),
            (json!(null), None),
            (json!("NaN"), None),
            (json!(""), None),
        ] {
            assert_eq!(decimal(&value), Ok(wanted.map(String::from)), "{value}");
        }
        assert!(decimal(&json!([1])).is_err() && decimal(&json!(true)).is_err());
    }

    #[test]
    fn what_is_published_within_a_second_is_known_after_it() {
        assert_eq!(published("1970-01-01T00:00:10.012Z"), Ok(Instant::from_seconds(11)));
        assert_eq!(published("1970-01-01T01:00:10+01:00"), Ok(Instant::from_seconds(10)));
        assert!(published("soon").is_err());
    }
}
