//! What later plans read of a plan, apart from its document: what it had run, save and held, and its prices. Cut by the
//! time things begin in, so that a plan that was soon replaced costs those who look back no more than it was in force for.

use super::common::{Deserialize, HOUR_S, Instant, Interval, Serialize, SiteId, StorageId, WorkId};
use super::document::{Plan, VERSION};
use super::schedule::{EventKind, Placement, State, legacy};
use crate::expected::blend;
use crate::store::gzip;
use crate::work::history::Stretch;
use reports::time::instant::as_seconds;
use std::collections::BTreeMap;

/// Hours after its start at which a plan is cut.
const CUTS_H: [i64; 3] = [1, 6, 24];

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Save(#[serde(with = "as_seconds")] pub Instant);

/// Start of a step, IT megawatts of planned work in it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Drawn(#[serde(with = "as_seconds")] pub Instant, pub f64);

/// Start of a step, clean and other MWh held at its end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Held(#[serde(with = "as_seconds")] pub Instant, pub f64, pub f64);

/// What begins in a time of a plan; of a whole plan, all of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Part {
    /// Of what the plan says; 0 of parts stored before they had one.
    #[serde(default)]
    version: u32,
    pub step_s: i64,
    pub stretches: BTreeMap<WorkId, Vec<Stretch>>,
    pub saves: BTreeMap<WorkId, Vec<Save>>,
    pub drawn: BTreeMap<SiteId, Vec<Drawn>>,
    pub held: BTreeMap<StorageId, Vec<Held>>,
    /// Mean price of an IT MWh by UTC hour, of the whole plan; empty where an hour has none.
    pub price_by_hour: Vec<f64>,
    /// Of the whole plan, as its document says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub searched_gap: Option<f64>,
}

impl Part {
    /// All that a plan says.
    pub fn new(plan: &Plan) -> Self {
        let stretch = |p: &Placement| {
            let Interval { start, end } = p.span();
            let (on, progress_h) = (p.state == State::Running, p.progress_hours.unwrap_or(0.0));
            Stretch { site: p.site.clone(), start, end, mw: p.mw, on, progress_h, unit: p.unit }
        };
        let saves = plan.events.iter().filter(|e| e.kind == EventKind::Checkpoint);
        Self {
            version: VERSION,
            step_s: plan.step_s(),
            stretches: grouped(plan.schedule.iter().map(|p| (&p.work, stretch(p)))),
            saves: grouped(saves.map(|e| (&e.work, Save(e.at)))),
            drawn: grouped(plan.capacity.iter().map(|c| (&c.site, Drawn(c.start, c.planned_mw)))),
            held: grouped(plan.storage.iter().map(|k| (&k.storage, Held(k.start, k.clean_mwh, k.other_mwh)))),
            price_by_hour: by_hour(plan.prices.iter().map(|p| (p.start, p.per_mwh))),
            searched_gap: plan.searched_gap,
        }
    }

    /// Takes in what begins later in the same plan.
    pub fn extend(&mut self, later: Self) {
        fn more<I: Ord, T>(all: &mut BTreeMap<I, Vec<T>>, later: BTreeMap<I, Vec<T>>) {
            later.into_iter().for_each(|(id, rows)| all.entry(id).or_default().extend(rows));
        }
        more(&mut self.stretches, later.stretches);
        more(&mut self.saves, later.saves);
        more(&mut self.drawn, later.drawn);
        more(&mut self.held, later.held);
    }

    /// Cut at the instants given: what begins before each, and the rest. The first has what is of the whole plan.
    fn cut(self, cuts: &[Instant]) -> Vec<Self> {
        let mut parts = vec![Self { version: self.version, step_s: self.step_s, ..Self::default() }; cuts.len() + 1];
        let of = |instant: Instant| cuts.partition_point(|cut| *cut <= instant);
        deal(&mut parts, self.stretches, |row| of(row.start), |part| &mut part.stretches);
        // A checkpoint lies at the end of its step.
        deal(&mut parts, self.saves, |row| of(row.0 - 1), |part| &mut part.saves);
        deal(&mut parts, self.drawn, |row| of(row.0), |part| &mut part.drawn);
        deal(&mut parts, self.held, |row| of(row.0), |part| &mut part.held);
        (parts[0].price_by_hour, parts[0].searched_gap) = (self.price_by_hour, self.searched_gap);
        parts
    }

    fn pack(&self) -> anyhow::Result<Vec<u8>> {
        Ok(gzip::pack(&serde_json::to_vec(self)?)?)
    }

    /// Parts as they are stored, in order of time, put together again.
    ///
    /// # Errors
    /// One that cannot be read.
    pub fn together(packed: &[Vec<u8>]) -> anyhow::Result<Self> {
        let mut all = Self::default();
        for (index, packed) in packed.iter().enumerate() {
            let part: Self = serde_json::from_slice(&gzip::unpack(packed)?)?;
            if index == 0 { all = part } else { all.extend(part) }
        }
        if all.version < VERSION {
            // Parts of before did not say units.
            for rows in all.stretches.values_mut() {
                let stretches: Vec<_> = rows.iter().map(|s| (&s.site, s.span(), s.mw)).collect();
                let units = legacy::units(&stretches);
                rows.iter_mut().zip(units).for_each(|(stretch, unit)| stretch.unit = Some(unit));
            }
            all.version = VERSION;
        }
        Ok(all)
    }
}

/// Rows by whose they are, in their order.
fn grouped<'p, I: Ord + Clone + 'p, T>(rows: impl Iterator<Item = (&'p I, T)>) -> BTreeMap<I, Vec<T>> {
    let mut all: BTreeMap<I, Vec<T>> = BTreeMap::new();
    rows.for_each(|(id, row)| all.entry(id.clone()).or_default().push(row));
    all
}

/// Puts each row into the part that it begins in.
fn deal<I: Ord + Clone, T>(
    parts: &mut [Part],
    all: BTreeMap<I, Vec<T>>,
    of: impl Fn(&T) -> usize,
    rows: impl Fn(&mut Part) -> &mut BTreeMap<I, Vec<T>>,
) {
    for (id, row) in all.into_iter().flat_map(|(id, rows)| rows.into_iter().map(move |row| (id.clone(), row))) {
        rows(&mut parts[of(&row)]).entry(id).or_default().push(row);
    }
}

/// Means by UTC hour of values at instants; empty where an hour has none.
pub fn by_hour(values: impl Iterator<Item = (Instant, f64)>) -> Vec<f64> {
    let hours = values.map(|(at, value)| (at.seconds().div_euclid(HOUR_S).rem_euclid(24) as usize, value));
    let (means, _) = blend::means(hours, 24);
    means.into_iter().collect::<Option<Vec<f64>>>().unwrap_or_default()
}

/// The parts of a plan as they are stored: start of the time each covers, and its content.
///
/// # Errors
/// Where they cannot be packed.
pub fn packed(plan: &Plan) -> anyhow::Result<Vec<(Instant, Vec<u8>)>> {
    let at = |hours: i64| plan.start + hours * HOUR_S;
    let cuts: Vec<Instant> = CUTS_H.into_iter().map(at).filter(|at| *at < plan.end).collect();
    let parts = Part::new(plan).cut(&cuts);
    let starts = [plan.start].into_iter().chain(cuts);
    starts.zip(&parts).map(|(start, part)| Ok((start, part.pack()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::document;
    use super::*;
    use serde_json::{Value, json};

    fn at(hour: i64) -> Instant {
        Instant::from_seconds(hour * HOUR_S)
    }

    /// Thirty hours of a site: two pieces, one of them training, and a battery.
    fn stored() -> String {
        let row = |work: &str, from: i64, to: i64, fraction: Option<f64>| {
            json!({"work": work, "site": "s", "start": at(from), "end": at(to), "mw": 2.5, "gpus": null,
                "power_fraction": fraction, "progress_hours": 1.5})
        };
        let event = |kind: &str, hour: i64| json!({"work": "t", "site": "s", "at": at(hour), "kind": kind});
        let price =
            |h: i64| json!({"site": "s", "start": at(h), "per_mwh": h as f64 + 0.5, "grid_average_g_per_kwh": null});
        let held = |h: i64| {
            json!({"storage": "k", "start": at(h), "charge_clean_mw": 0.0, "charge_grid_mw": 0.0,
                "discharge_mw": 0.0, "clean_mwh": h, "other_mwh": 1.0})
        };
        let mut document: Value =
            serde_json::from_str(include_str!("../../fixtures/plans/1.json")).expect("a plan of before");
        let of_site = document["capacity"][0].clone();
        let drawn = |h: i64| {
            let mut row = of_site.clone();
            row["start"] = json!(at(h));
            row["planned_mw"] = (h as f64 + 0.25).into();
            row
        };
        document["schedule"] =
            json!([row("a", 0, 3, None), row("a", 7, 9, None), row("t", 0, 1, Some(0.7)), row("t", 1, 30, Some(0.0))]);
        document["events"] = json!([event("checkpoint", 1), event("pause", 1), event("checkpoint", 25)]);
        document["prices"] = (0..30).map(price).collect();
        document["capacity"] = (0..30).map(drawn).collect();
        document["storage"] = (0..30).map(held).collect();
        document["searched_gap"] = 0.0125.into();
        document["unknown"] = 1.into();
        document.to_string()
    }

    fn whole() -> Part {
        Part::new(&document::read(&stored()).expect("a plan"))
    }

    #[test]
    fn what_is_cut_is_whole_again() {
        let whole = whole();
        assert_eq!(
            (whole.step_s, whole.stretches["a"].len(), whole.saves["t"].clone()),
            (HOUR_S, 2, vec![Save(at(1)), Save(at(25))])
        );
        assert!(!whole.stretches["t"][1].on && whole.stretches["t"][0].on);
        // Hours 0 to 5 come twice: the mean of 0.5 and 24.5.
        assert_eq!((whole.price_by_hour[0], whole.price_by_hour[6]), (12.5, 6.5));
        let parts = whole.clone().cut(&[1, 6, 24].map(at));
        assert_eq!(parts.len(), 4);
        let packed: Vec<Vec<u8>> = parts.iter().map(|part| part.pack().expect("packed")).collect();
        assert_eq!(Part::together(&packed).expect("read"), whole);
        // The first hour: what begins in it, and the save at its end.
        let first = Part::together(&packed[..1]).expect("read");
        assert_eq!((first.stretches["a"].len(), first.stretches["t"].len()), (1, 1));
        assert_eq!((first.saves["t"].clone(), first.drawn["s"].clone()), (vec![Save(at(1))], vec![Drawn(at(0), 0.25)]));
        assert_eq!((&first.price_by_hour, first.searched_gap), (&whole.price_by_hour, Some(0.0125)));
        // Up to six hours nothing of what begins later.
        let six = Part::together(&packed[..2]).expect("read");
        assert_eq!((six.stretches["a"].len(), six.stretches["t"].len(), six.held["k"].len()), (1, 2, 6));
    }

    #[test]
    fn instants_are_stored_as_seconds() {
        let stored = serde_json::to_value(whole()).expect("JSON");
        let first = &stored["stretches"]["t"][0];
        assert_eq!((&first["start_s"], &first["end_s"]), (&json!(0), &json!(3_600)));
        assert_eq!(stored["saves"]["t"], json!([3_600, 90_000]));
        assert_eq!(stored["drawn"]["s"][1], json!([3_600, 1.25]));
        assert_eq!(stored["held"]["k"][1], json!([3_600, 1.0, 1.0]));
    }

    #[test]
    fn what_is_no_plan_is_refused() {
        for text in ["", "{}", "null", &stored().replace("1970-01-01T07:00:00Z", "yesterday")] {
            assert!(document::read(text).is_err(), "{text}");
        }
        let whole = whole().pack().expect("packed");
        assert!(Part::together(&[whole[..whole.len() / 2].to_vec()]).is_err());
    }

    #[test]
    fn parts_stored_before_units_were_have_them_told() {
        let whole = whole();
        let mut before = serde_json::to_value(&whole).expect("JSON");
        before.as_object_mut().expect("a part").remove("version").expect("a version");
        for stretch in before["stretches"]["a"].as_array_mut().expect("stretches") {
            stretch.as_object_mut().expect("a stretch").remove("unit").expect("a unit");
        }
        let packed = gzip::pack(&serde_json::to_vec(&before).expect("bytes")).expect("packed");
        let read = Part::together(&[packed]).expect("read");
        assert_eq!(read.stretches["a"], whole.stretches["a"]);
        assert_eq!(read.stretches["a"].iter().map(|s| s.unit).collect::<Vec<_>>(), [Some(0), Some(1)]);
    }
}
