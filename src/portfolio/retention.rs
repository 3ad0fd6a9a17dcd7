//! `[retention]`: how long the store keeps what is over.

use super::values::duration;
use super::walk::Table;
use reports::time::DAY_S;

/// Plans look a fortnight back.
const LEAST_PLANS_DAYS: i64 = 15;
/// A quarter of released work says what a day may bring.
const LEAST_WORK_DAYS: i64 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Plans since they were made, and reports that later ones of the same work replaced.
    pub plans_s: i64,
    /// Work since its deadline, and reservations since their end.
    pub work_s: i64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { plans_s: 35 * DAY_S, work_s: 400 * DAY_S }
    }
}

pub(super) fn read(root: &mut Table<'_, '_>) -> Retention {
    let mut retention = Retention::default();
    let Some(mut table) = root.table("retention") else { return retention };
    table.name = "[retention]".into();
    retention.plans_s = age(&mut table, "plans", LEAST_PLANS_DAYS).unwrap_or(retention.plans_s);
    retention.work_s = age(&mut table, "work", LEAST_WORK_DAYS).unwrap_or(retention.work_s);
    table.close();
    retention
}

fn age(table: &mut Table<'_, '_>, key: &'static str, least_days: i64) -> Option<i64> {
    let (age_s, at) = duration(table, key, &format!("write {key} = \"400d\""))?;
    if age_s >= least_days * DAY_S {
        return Some(age_s);
    }
    let what = format!("`{key}` is under {least_days}d: plans look back that far");
    table.refused(at, what, format!("write {key} = \"{least_days}d\" or more"))
}

#[cfg(test)]
mod tests {
    use super::Retention;
    use crate::error::Faults;

    const TEXT: &str = "[portfolio]\nname = \"a\"\n[[boundary]]\nid = \"b\"\n[[site]]\nid = \"s\"\nboundary = \"b\"\n\
        it_capacity_mw = 1.0\n";

    fn read(table: &str) -> Result<Retention, Faults> {
        crate::portfolio::parse(&format!("{TEXT}{table}"), "t.toml").map(|portfolio| portfolio.retention)
    }

    #[test]
    fn ages_are_durations_and_no_shorter_than_what_plans_look_at() {
        let day = 86_400;
        assert_eq!(read(""), Ok(Retention { plans_s: 35 * day, work_s: 400 * day }));
        let both = "[retention]\nplans = \"15d\"\nwork = \"2400h\"\n";
        assert_eq!(read(both), Ok(Retention { plans_s: 15 * day, work_s: 100 * day }));
        assert_eq!(read("[retention]\nwork = \"3650d\"\n").map(|r| r.work_s), Ok(3_650 * day));
        for (table, wanted) in [
            ("[retention]\nplans = \"14d\"\n", "t.toml:10: [retention]: `plans` is under 15d"),
            ("[retention]\nwork = \"99d\"\n", "`work` is under 100d"),
            ("[retention]\nwork = \"a year\"\n", "`a year` is not a duration"),
            ("[retention]\nwork = \"9000d\"\n", "longer than ten years"),
            ("[retention]\nwork = 400\n", "`work` is an integer, not a string in quotes"),
            ("[retention]\nreadings = \"400d\"\n", "unknown key `readings`"),
        ] {
            let message = read(table).expect_err(table).to_string();
            assert!(message.contains(wanted), "{table}: {message}");
        }
    }

    #[test]
    fn it_is_of_the_store_and_no_part_of_the_portfolio() {
        let text =
            |table: &str| crate::portfolio::parse(&format!("{TEXT}{table}"), "t.toml").expect("a portfolio").text;
        let trimmed = |file: &str| text(file).map(|text| text.trim_end().to_string());
        assert!(trimmed("").is_some());
        assert_eq!(trimmed("[retention]\nwork = \"500d\"\n"), trimmed(""));
    }
}
