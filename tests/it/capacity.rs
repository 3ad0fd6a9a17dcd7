//! Capacity curves: by hand, held by a first-come-first-served scheduler over years of days, and refused in words.

use crate::support::{HEADER, Home, ONE_SITE, hourly};
use hourmatch::plan::flexible::q97;
use hourmatch::windows::curve::{self, Brings, Step};
use serde_json::Value;
use std::collections::VecDeque;
use std::f64::consts::TAU;

const NOW: &str = "2026-01-15T00:00Z";
const DAY: usize = 24;

/// Steele, Lea and Flood's SplitMix64.
struct Random(u64);

impl Random {
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (radius, angle) = (self.part().max(1e-300), self.part());
        (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos()
    }
}

/// Days of a 100 MW site of which 30 % can wait 24 hours, behind a connection of 130 MW.
struct Site {
    /// MWh released in each hour, and what a MWh costs in it.
    released: Vec<f64>,
    price: Vec<f64>,
}

const SEEN: usize = 91;
const DAYS: usize = 400;
const FIRM_MW: f64 = 70.0;
const LIMIT_MW: f64 = 130.0;
const WAIT_H: usize = 24;

impl Site {
    /// `spread` is that of whole days; hours vary on top of it.
    fn new(seed: u64, spread: f64) -> Self {
        let mut random = Random(seed);
        let hours = (SEEN + DAYS + 3) * DAY;
        let mut level = 0.0;
        let mut price = Vec::new();
        for hour in 0..hours {
            level = 0.95 * level + random.normal();
            price.push(level + 1.5 * (TAU * hour as f64 / 24.0).cos());
        }
        let mut released = Vec::new();
        while released.len() < hours {
            let day = (spread * random.normal() - 0.5 * spread * spread).exp();
            released.extend((0..DAY).map(|_| 30.0 * day * (1.0 + 0.3 * random.normal()).max(0.0)));
        }
        Self { released, price }
    }

    /// Megawatts of known and of expected work in each of 24 hours: what must be done first is placed first, into what
    /// the wind gives and then the cheapest hours.
    fn planned(&self, now: usize, queue: &VecDeque<(usize, f64)>, mean_mwh: f64) -> [[f64; 2]; DAY] {
        let room_mw = LIMIT_MW - FIRM_MW;
        let wind = |t: usize| 55.0 / (1.0 + self.price[now + t].exp());
        let mut planned = [[0.0; 2]; 2 * DAY];
        let known = queue.iter().map(|(release, left)| (*release, *left, 0));
        let expected = (now..now + DAY).map(|hour| (hour, mean_mwh / 24.0, 1));
        for (release, mut left, kind) in known.chain(expected) {
            let hours: Vec<usize> = (release.max(now) - now..release + WAIT_H - now).collect();
            let mut cheapest = hours.clone();
            cheapest.sort_by(|a, b| self.price[now + a].total_cmp(&self.price[now + b]));
            let clean = hours.into_iter().map(|t| (t, wind(t)));
            for (t, most_mw) in clean.chain(cheapest.into_iter().map(|t| (t, room_mw))) {
                let mw = left.min(most_mw.min(room_mw) - planned[t][0] - planned[t][1]).max(0.0);
                planned[t][kind] += mw;
                left -= mw;
            }
        }
        std::array::from_fn(|t| planned[t])
    }
}

/// What came of it: the part of days whose work was all done in time, and the mean price paid.
struct Held {
    in_time: f64,
    price: f64,
}

/// Runs first come, first served under a curve made anew at midnight; `energy` says what each day's curve leaves. The
/// firm load is at its q95 all the time, so that nothing but the curve leaves room.
fn held(site: &Site, energy: impl Fn(Brings) -> f64) -> Held {
    let mut queue: VecDeque<(usize, f64)> = VecDeque::new();
    let mut late = std::collections::BTreeSet::new();
    let (mut done, mut paid) = (0.0, 0.0);
    for day in SEEN..SEEN + DAYS {
        let seen: Vec<f64> = (day - SEEN..day).map(|d| site.released[d * DAY..(d + 1) * DAY].iter().sum()).collect();
        let mean_mwh = seen.iter().sum::<f64>() / SEEN as f64;
        let now = day * DAY;
        let planned = site.planned(now, &queue, mean_mwh);
        let step = |t: usize| Step {
            hours: 1.0,
            firm_mw: FIRM_MW,
            work_mw: planned[t][0] + planned[t][1],
            limit_mw: LIMIT_MW,
            price_per_mwh: site.price[now + t],
        };
        let steps: Vec<Step> = (0..DAY).map(step).collect();
        let sum = |kind: usize| planned.iter().map(|p| p[kind]).sum::<f64>();
        let q97_mwh = q97(&seen).expect("days");
        let brings = Brings { known_mwh: sum(0), expected_mwh: sum(1), mean_mwh, q97_mwh };
        let curve = curve::day(&steps, energy(brings));
        for t in 0..DAY {
            let hour = now + t;
            queue.push_back((hour, site.released[hour]));
            let mut room = curve.cap_mw[t] - FIRM_MW;
            assert!(curve.cap_mw[t] <= LIMIT_MW && room >= -1e-9);
            while let Some((_, left)) = queue.front_mut().filter(|_| room > 1e-9) {
                let mw = left.min(room);
                *left -= mw;
                room -= mw;
                done += mw;
                paid += mw * site.price[hour];
                if *left <= 1e-9 {
                    queue.pop_front();
                }
            }
            late.extend(queue.iter().filter(|(r, left)| hour + 1 >= r + WAIT_H && *left > 1e-6).map(|(r, _)| r / DAY));
            // Counted as late, and run no more: a planner would say missed.
            queue.retain(|(r, _)| hour + 1 < r + WAIT_H);
        }
    }
    Held { in_time: 1.0 - late.len() as f64 / DAYS as f64, price: paid / done }
}

#[test]
fn first_come_first_served_is_done_in_time_on_97_of_100_days() {
    for (seed, spread) in [(1, 0.1), (2, 0.15), (3, 0.15), (4, 0.25), (5, 0.25)] {
        let site = Site::new(seed, spread);
        let by_curve = held(&site, |brings| brings.energy_mwh());
        assert!(by_curve.in_time >= 0.97, "seed {seed}: {} of days", by_curve.in_time);
        // No more than planned less a tenth, and it shows.
        let tight = held(&site, |brings| 0.9 * (brings.known_mwh + brings.expected_mwh));
        assert!(tight.in_time < 0.97, "seed {seed}: {} of days with a tenth less", tight.in_time);
        // Left to itself it runs at once, whatever the hour costs.
        let free = held(&site, |_| 1e9);
        assert!(free.in_time >= 1.0 && by_curve.price < free.price - 0.5, "{} {}", by_curve.price, free.price);
    }
}

fn with_pool(policy: &str) -> Home {
    let pool = "[[pool]]\nid = \"h\"\nsite = \"s\"\ncount = 4000\nkw_per_gpu = 1.25\n";
    let home = Home::new(&format!("{ONE_SITE}{pool}{policy}"));
    let wind = (0..14 * 24).map(|h| if h % 24 < 12 { 9.0 } else { 1.0 });
    let readings = hourly("site/s/it_load", [4.0; 14 * 24]) + &hourly("contract/w/generation", wind);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    home
}

/// Work of the fortnight before, 5 MWh a day and 6 on one, and for today 2 MWh at two o'clock and 1 MWh at five.
fn prepared() -> Home {
    let home = with_pool("[policy]\nexpect_work = false\n");
    let mut work = String::from("id,release,deadline,energy_mwh,max_mw\n");
    for day in 1..=12 {
        let mwh = if day == 7 { 6 } else { 5 };
        work.push_str(&format!("d{day},2026-01-{day:02}T08:00:00Z,2026-01-{day:02}T20:00:00Z,{mwh},6\n"));
    }
    work.push_str("two,2026-01-15T02:00:00Z,2026-01-15T03:00:00Z,2,6\n");
    work.push_str("five,2026-01-15T05:00:00Z,2026-01-15T06:00:00Z,1,6\n");
    home.write("w.csv", &work);
    home.run(&["work", "import", "w.csv"]).ok();
    home.run(&["plan", "--now", NOW, "--horizon", "48h"]).ok();
    home
}

fn curve_of(home: &Home, extra: &[&str]) -> Value {
    let mut args = vec!["capacity", "--site", "s", "--now", NOW, "--format", "json"];
    args.extend(extra);
    home.run(&args).ok().json()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number: {value}"))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

#[test]
fn the_curve_by_hand() {
    let home = prepared();
    let curve = curve_of(&home, &[]);
    assert_eq!((curve["schema"].as_str(), curve["site"].as_str()), (Some("hourmatch/capacity/1"), Some("s")));
    let days = curve["days"].as_array().expect("days");
    assert_eq!(days.len(), 2, "{days:?}");
    // 14 days are over, and the largest of them stands for the quantile: 2 theta + 1 theta = 6.
    let today = &days[0];
    assert!(close(number(&today["q97_mwh"]), 6.0) && close(number(&today["theta"]), 2.0), "{today}");
    assert!(close(number(&today["known_mwh"]), 3.0) && close(number(&today["left_mwh"]), 6.0), "{today}");
    assert!(curve["reason"].as_str().expect("reason").contains("only 14 days of released work"), "{}", curve["reason"]);
    let intervals = curve["intervals"].as_array().expect("intervals");
    assert_eq!(intervals.len(), 48);
    for (hour, interval) in intervals.iter().enumerate().take(24) {
        // 800 accelerators a MW: 4 MW and 2 MW of work, and none in the other hours.
        let (cap_mw, gpus) = match hour {
            2 => (8.0, 3_200),
            5 => (6.0, 1_600),
            _ => (4.0, 0),
        };
        assert!(close(number(&interval["cap_mw"]), cap_mw), "{hour}: {interval}");
        assert_eq!(interval["gpus"], gpus, "{hour}: {interval}");
    }
    // Nothing is planned tomorrow: the cheapest hours take what a day may bring.
    assert!(days[1]["theta"].is_null() && close(number(&days[1]["left_mwh"]), 6.0), "{}", days[1]);
    let part = curve_of(&home, &["--from", "2026-01-15T02:00Z", "--to", "2026-01-15T06:00Z"]);
    assert_eq!(&part["intervals"].as_array().expect("intervals")[..], &intervals[2..6]);
}

#[test]
fn a_full_hour_hands_on_and_reservations_stand() {
    let home = prepared();
    let args = ["windows", "--duration", "60min", "--mw", "4", "--reserve", "job", "--now", NOW];
    let at_two = ["--after", "2026-01-15T02:00Z", "--before", "2026-01-15T03:00Z"];
    let reserved = home.run(&[&args[..], &at_two[..]].concat()).ok();
    assert!(reserved.out.contains("reserved as job"), "{}", reserved.out);
    let curve = curve_of(&home, &[]);
    let hour = |at: usize| number(&curve["intervals"][at]["cap_mw"]);
    // Firm 4 and reserved 4 leave 2 MW of 10 at two o'clock, full at theta 1; 2 + theta = 6 then.
    assert!(close(number(&curve["days"][0]["theta"]), 4.0), "{}", curve["days"][0]);
    assert!(close(hour(2), 10.0) && close(hour(5), 8.0), "{} {}", hour(2), hour(5));
    let text = home.run(&["capacity", "--site", "s", "--now", NOW, "--format", "csv"]).ok();
    assert!(text.out.starts_with("start,end,cap_mw,"), "{}", text.out);
    assert_eq!(text.out.lines().count(), 49);
}

#[test]
fn without_a_plan_it_says_what_to_run() {
    let home = Home::new(ONE_SITE);
    home.run(&["capacity", "--site", "s"]).refused("hourmatch plan");
    home.run(&["capacity", "--site", "elsewhere"]).refused("site `elsewhere` is not in the portfolio");
    home.run(&["plan", "--now", NOW, "--horizon", "24h"]).ok();
    home.run(&["capacity", "--site", "s", "--now", "2026-02-15T00:00Z"]).refused("the plan covers");
    home.run(&["capacity", "--site", "s", "--now", NOW, "--from", "now+6h", "--to", "now"]).refused("not after");
    // Where nothing is known of any work, nobody is kept out.
    let free = curve_of(&home, &[]);
    assert!(close(number(&free["intervals"][0]["cap_mw"]), 10.0), "{free}");
    assert!(free["reason"].as_str().expect("reason").contains("no day of released work"), "{free}");
}

#[test]
fn windows_by_accelerators() {
    let home = with_pool("");
    // 3600 of 4000 accelerators, for four hours: 4.5 MW.
    home.write("w.csv", "id,release,deadline,pool,gpus,hours\nj,2026-01-15T00:00:00Z,2026-01-15T04:00:00Z,h,3600,4\n");
    home.run(&["work", "import", "w.csv"]).ok();
    home.run(&["plan", "--now", NOW, "--horizon", "48h"]).ok();
    let ask = |draw: [&str; 2], extra: &[&str]| {
        let args = ["windows", "--duration", "4h", "--now", NOW, "--format", "json"];
        home.run(&[&args[..], &draw[..], extra].concat()).ok().json()
    };
    let early = ["--before", "2026-01-15T04:00Z"];
    let windows = |answer: &Value| answer["windows"].as_array().map(Vec::len);
    // There is power for 1200 more, and 400 to be had.
    let none = ask(["--gpus", "800"], &early);
    assert_eq!(windows(&none), Some(0), "{none}");
    assert!(none["reason"].as_str().expect("reason").contains("no window of 800 GPUs"), "{none}");
    assert!(none["reason"].as_str().expect("reason").contains("the most left in any step is 400 GPUs and "), "{none}");
    let some = ask(["--gpus", "200"], &early);
    assert_eq!((some["windows"][0]["mw"].as_f64(), some["windows"][0]["gpus"].as_u64()), (Some(0.25), Some(200)));
    // Asking held none; of those reserved, 200 of the 400 are left.
    assert_eq!(windows(&ask(["--gpus", "300"], &early)), Some(1));
    ask(["--gpus", "200"], &[&early[..], &["--reserve", "some"]].concat());
    assert_eq!(windows(&ask(["--gpus", "300"], &early)), Some(0));
    assert_eq!(windows(&ask(["--mw", "1"], &early)), Some(1));
    assert_eq!(windows(&ask(["--gpus", "800"], &[])), Some(3), "later there are enough");
    home.run(&["windows", "--duration", "2h", "--gpus", "0"]).refused("gpus is not a positive number");
    home.run(&["windows", "--duration", "2h", "--gpus", "8", "--pool", "x"])
        .refused("pool `x` is not in the portfolio");
}
