//! Numbers, lists and names in an instance, each missed by its key.

use ids::Index;
use serde_json::Value;
use std::fmt::Display;

pub fn number(value: &Value, key: &str) -> Result<f64, String> {
    value[key].as_f64().ok_or(format!("{key} is not a number"))
}

/// Zero, or `default`, where the key is left out.
pub fn number_or(value: &Value, key: &str, default: f64) -> Result<f64, String> {
    if value[key].is_null() { Ok(default) } else { number(value, key) }
}

pub fn count(value: &Value, key: &str) -> Result<usize, String> {
    let found = value[key].as_u64().and_then(|v| usize::try_from(v).ok());
    found.ok_or(format!("{key} is not a count"))
}

pub fn text<T: From<String>>(value: &Value, key: &str) -> Result<T, String> {
    let found = value[key].as_str().map(|found| T::from(found.to_string()));
    found.ok_or(format!("{key} is not text"))
}

pub fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, String> {
    value[key].as_array().ok_or(format!("{key} is not a list"))
}

/// A list of numbers, or one number for every step.
pub fn series(value: &Value, key: &str, steps: usize) -> Result<Vec<f64>, String> {
    if let Some(all) = value[key].as_f64() {
        return Ok(vec![all; steps]);
    }
    let numbers: Option<Vec<f64>> = list(value, key)?.iter().map(Value::as_f64).collect();
    numbers.ok_or(format!("{key} holds something else than numbers"))
}

/// The same, zeros where the key is left out.
pub fn series_or_zero(value: &Value, key: &str, steps: usize) -> Result<Vec<f64>, String> {
    if value[key].is_null() { Ok(vec![0.0; steps]) } else { series(value, key, steps) }
}

pub fn position<T: PartialEq + Display, I: Index>(ids: &[T], id: &T) -> Result<I, String> {
    let found = I::find(ids, |i| i == id);
    found.ok_or(format!("{id} is not defined"))
}

pub fn ids<T: From<String>>(value: &Value, key: &str) -> Result<Vec<T>, String> {
    list(value, key)?.iter().map(|v| text(v, "id")).collect()
}
