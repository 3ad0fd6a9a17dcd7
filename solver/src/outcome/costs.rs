//! What an objective is made of: money spent, and penalties, which are not money. The sum is the objective.

use super::codes::Item;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Paid or forgone: energy less surplus sold, demand charges, wear, tokens not made.
    Money,
    /// A price put on grams.
    Carbon,
    /// What keeps a plan from something, paid to nobody.
    Penalty,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    pub code: String,
    pub kind: Kind,
    /// MWh, hours or MW, as `unit` says.
    pub quantity: f64,
    pub unit: String,
    pub amount: f64,
}

pub(crate) fn cost(code: &str, kind: Kind, (quantity, unit): (f64, &str), amount: f64) -> Cost {
    Cost { code: code.to_string(), kind, quantity, unit: unit.to_string(), amount }
}

/// By how much a plan violates what may be violated at a price.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Violation {
    pub item: Item,
    pub code: &'static str,
    pub quantity: f64,
    pub unit: &'static str,
    /// Per quantity.
    pub price: f64,
}

/// Costs as the rules state them, in any order.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Vec<(Item, Cost)>);

impl Ledger {
    /// A cost of its own, after those of its item.
    pub fn push(&mut self, item: Item, cost: Cost) {
        self.0.push((item, cost));
    }

    /// More of the one cost of its item.
    pub fn add(&mut self, item: Item, code: &str, kind: Kind, (quantity, unit): (f64, &str), amount: f64) {
        let at = self.0.iter().position(|entry| entry.0 == item).unwrap_or_else(|| {
            self.0.push((item, cost(code, kind, (0.0, unit), 0.0)));
            self.0.len() - 1
        });
        let sum = &mut self.0[at].1;
        sum.quantity += quantity;
        sum.amount += amount;
    }

    /// In order of items; costs that are nothing are left out.
    pub fn costs(mut self) -> Vec<Cost> {
        // Stable: costs of one item stay in the order stated.
        self.0.sort_by_key(|entry| entry.0);
        self.0.into_iter().map(|entry| entry.1).filter(|cost| cost.amount != 0.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_listed_by_item_and_summed_where_they_are_one() {
        let mut ledger = Ledger::default();
        ledger.add(Item::Missed, "missed", Kind::Penalty, (2.0, "MWh"), 20.0);
        ledger.push(Item::Training, cost("late", Kind::Penalty, (1.0, "rated h"), 5.0));
        ledger.push(Item::Training, cost("pauses", Kind::Money, (0.0, "pauses"), 0.0));
        ledger.push(Item::Training, cost("late", Kind::Penalty, (3.0, "rated h"), 15.0));
        ledger.push(Item::Energy, cost("energy", Kind::Money, (4.0, "MWh"), -8.0));
        ledger.add(Item::Missed, "missed", Kind::Penalty, (1.0, "MWh"), 7.0);
        let costs = ledger.costs();
        let found: Vec<(&str, f64, f64)> = costs.iter().map(|c| (c.code.as_str(), c.quantity, c.amount)).collect();
        assert_eq!(found, [("energy", 4.0, -8.0), ("late", 1.0, 5.0), ("late", 3.0, 15.0), ("missed", 3.0, 27.0)]);
    }
}
