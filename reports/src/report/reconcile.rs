//! Hourly sums of import against suppliers' invoices, within the portfolio's tolerance.

use super::document::{Outcome, Reconciliation};
use crate::books::Books;
use crate::inputs::{Inputs, Invoice};
use crate::time::{Instant, Interval};

/// One line an invoice, sorted as the invoices are.
pub fn reconcile(inputs: &Inputs, books: &Books) -> Vec<Reconciliation> {
    let in_period = inputs.invoices.iter().filter(|i| interval(i).overlap_s(inputs.period) > 0);
    in_period.map(|i| line(inputs, books, i)).collect()
}

fn interval(invoice: &Invoice) -> Interval {
    Interval { start: invoice.start, end: invoice.end }
}

fn line(inputs: &Inputs, books: &Books, invoice: &Invoice) -> Reconciliation {
    let metered_wh = metered(inputs, books, invoice);
    let tolerance = inputs.definitions.reconciliation_tolerance;
    let difference_wh = metered_wh.map(|wh| wh - i128::from(invoice.wh));
    let outcome = match difference_wh {
        None => Outcome::NotCovered,
        Some(difference) => {
            let allowed = i128::from(invoice.wh) * i128::from(tolerance.numerator);
            let within = difference.abs() * i128::from(tolerance.denominator) <= allowed;
            if within { Outcome::Within } else { Outcome::Outside }
        }
    };
    Reconciliation {
        invoice: invoice.invoice.clone(),
        site: invoice.site.clone(),
        start: invoice.start,
        end: invoice.end,
        invoice_wh: invoice.wh,
        metered_wh,
        difference_wh,
        outcome,
    }
}

/// What was purchased in the invoice's span: import, where the ruleset weighs that, else the metered load. None where the
/// invoice reaches outside the period or off the grid.
fn metered(inputs: &Inputs, books: &Books, invoice: &Invoice) -> Option<i128> {
    let (span, grid) = (interval(invoice), books.grid);
    let on_grid = |at: Instant| (at - grid.start).rem_euclid(grid.step_s) == 0;
    if !inputs.period.contains(span) || !on_grid(span.start) || !on_grid(span.end) {
        return None;
    }
    let site = books.sites.iter().find(|s| s.id == invoice.site)?;
    Some(grid.touched(span).map(|t| i128::from(site.inventory_load(t))).sum())
}
