//! The plan that a command is about.

use super::context::Context;
use crate::plan::{Plan, current};
use crate::store::Store;

/// The plan of an id, else the current one, with what is to be said of it said.
///
/// # Errors
/// Where there is no such plan, and as for [`current::shown`].
pub(super) async fn asked_plan(context: &Context, store: &Store, id: Option<&str>) -> anyhow::Result<Plan> {
    let (plan, notes) = current::shown(store, id, context.clock.now()).await?;
    notes.iter().for_each(|note| context.out.say(&format!("note: {note}")));
    let missing = || match id {
        Some(id) => current::no_plan(id),
        None => current::none_yet(None),
    };
    Ok(plan.ok_or_else(missing)?)
}
