//! Reservations: taken in one transaction, once for each id, listed and released.

use super::answer::{self, Answer, Window};
use super::common::{AccountId, Fault, PoolId, Serialize, SiteId};
use super::desk::Desk;
use super::draw::Ask;
use crate::store::reservations::{self, Reservation};
use crate::store::work;
use crate::work::listing::Page;
use reports::series::name::is_id;
use reports::time::{Instant, RecordTime};

pub const SCHEMA: &str = "hourmatch/reservations/1";

/// A reservation as it is shown: where, when, how much, and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reserved {
    pub id: String,
    /// reserved, started, done or released.
    pub state: &'static str,
    pub site: SiteId,
    pub start: Instant,
    pub end: Instant,
    /// IT megawatts.
    pub mw: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpus: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    pub made: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Instant>,
}

/// A list of them, as a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct List {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub now: Instant,
    pub reservations: Vec<Reserved>,
    /// Where the next page begins; left out where all are listed, or none is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What reserving did: the answer it was taken from, the reservation, and whether it is new.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    pub answer: Answer,
    pub reserved: Reserved,
    pub new: bool,
}

impl Reserved {
    pub fn new(r: &Reservation, now: Instant) -> Self {
        let Reservation { id, site, start, end, mw, pool, gpus, account, .. } = r.clone();
        let (made, released) = (r.made_at.instant(), r.released.map(RecordTime::instant));
        Self { id, state: state_name(r, now), site, start, end, mw, pool, gpus, account, made, released }
    }
}

/// Where one stands: by the clock, unless it was released.
fn state_name(r: &Reservation, now: Instant) -> &'static str {
    if r.released_seq.is_some() {
        "released"
    } else if now >= r.end {
        "done"
    } else if now >= r.start {
        "started"
    } else {
        "reserved"
    }
}

/// Takes the first window under an id; the same id and terms again take nothing more.
///
/// # Errors
/// A question that makes no sense; an id that is a piece of work's, or a reservation's of other terms; no window that
/// fits. The store is unchanged then.
pub async fn reserve(desk: &Desk, ask: &Ask, id: &str, made_at: RecordTime) -> anyhow::Result<Made> {
    let no_id = format!("`{id}` is not an id");
    Fault::refuse_if(!is_id(id), &no_id, "use letters, digits, `-`, `_` and `.`")?;
    // Under the writer's lock nothing that is read here changes.
    let mut write = desk.store.write().await?;
    if work::exists(&desk.store, id).await? {
        let what = format!("`{id}` is a piece of work: the plan already has room for it");
        return Err(Fault::conflict(what)
            .hint("reserve under another id, or ask when it runs: hourmatch explain")
            .into());
    }
    if let Some(made) = reservations::live(&mut write, id).await? {
        same(desk, ask, &made)?;
        return Ok(Made { answer: repeated(desk, ask, &made), reserved: Reserved::new(&made, ask.now), new: false });
    }
    let mut found = answer::find(desk, ask).await?;
    let Some(best) = found.list.first() else {
        let reason = found.answer.reason.unwrap_or_else(|| "no window fits".into());
        return Err(Fault::conflict(format!("nothing is reserved: {reason}"))
            .hint("ask for less, for a shorter time, or for another time")
            .into());
    };
    let site = &found.sites[best.at];
    let pool = ask.draw.pool(&desk.portfolio, site).map(|pool| pool.id.clone());
    let taken = Reservation {
        seq: 0,
        id: id.into(),
        site: site.clone(),
        start: best.start,
        end: best.end,
        mw: best.mw,
        pool,
        gpus: ask.draw.gpus().and_then(|gpus| i64::try_from(gpus).ok()),
        account: ask.account.clone(),
        made_at,
        released: None,
        released_seq: None,
    };
    let taken = reservations::add(&mut write, taken).await?;
    write.commit().await?;
    found.answer.reserved = Some(taken.id.clone());
    Ok(Made { answer: found.answer, reserved: Reserved::new(&taken, ask.now), new: true })
}

/// Refuses an id that was reserved with other terms.
fn same(desk: &Desk, ask: &Ask, made: &Reservation) -> Result<(), Fault> {
    let (id, site) = (&made.id, &made.site);
    let conflict = |what: String| Err(Fault::conflict(what).hint("use another id"));
    let draw = ask.draw.at(&desk.portfolio, site, ask.account.as_ref());
    let alike = draw.is_some_and(|(mw, _)| (mw - made.mw).abs() < 1e-9)
        && ask.draw.gpus().map(|gpus| gpus as i64) == made.gpus
        && ask.account == made.account;
    if !alike || made.end - made.start != ask.duration_s {
        let hours = (made.end - made.start) as f64 / 3_600.0;
        let gpus = made.gpus.map_or_else(String::new, |gpus| format!(", {gpus} GPUs"));
        return conflict(format!("reservation `{id}` exists with {} MW{gpus} for {hours} h", made.mw));
    }
    let outside = ask.after.is_some_and(|after| made.start < after)
        || ask.before.is_some_and(|before| made.end > before)
        || ask.site.as_ref().is_some_and(|asked| asked != site);
    if outside || made.end <= ask.now {
        let (start, end) = (made.start, made.end);
        return conflict(format!("reservation `{id}` is at {site}, {start} to {end}"));
    }
    Ok(())
}

/// The same id asks again: the same reservation, nothing taken twice.
fn repeated(desk: &Desk, ask: &Ask, made: &Reservation) -> Answer {
    let mut answer = Answer::new(ask, &desk.portfolio);
    answer.reason = Some(format!("reservation {} exists already", made.id));
    let (site, gpus) = (made.site.clone(), ask.draw.gpus());
    answer.windows.push(Window { site, start: made.start, end: made.end, mw: made.mw, gpus, ..Window::default() });
    answer.reserved = Some(made.id.clone());
    answer
}

/// Where a reservation stands in the list: by start, then id, then as made.
type Place<'a> = (Instant, &'a str, i64);

fn place(r: &Reservation) -> Place<'_> {
    (r.start, r.id.as_str(), r.seq)
}

/// `start.seq.id`, the start in seconds since 1970, as pages hand it out.
fn place_of(text: &str) -> Result<Place<'_>, Fault> {
    let mut parts = text.splitn(3, '.');
    let mut number = || parts.next().and_then(|part| part.parse::<i64>().ok());
    let (start_s, seq) = (number(), number());
    match (start_s, seq, parts.next()) {
        (Some(start_s), Some(seq), Some(id)) => Ok((Instant::from_seconds(start_s), id, seq)),
        _ => Err(Fault::new(format!("`{text}` is not a place in the list"))
            .hint("leave it out, or send `next` of the last answer")),
    }
}

/// Reservations that are not over, by start; with `all`, those that are done or released too. Every one, or a page.
///
/// # Errors
/// A place that no page handed out, and a store that does not answer.
pub async fn list(desk: &Desk, now: Instant, all: bool, page: Option<&Page>) -> anyhow::Result<List> {
    let after = page.and_then(|page| page.after.as_deref()).map(place_of).transpose()?;
    let mut rows = reservations::ending_after(&desk.store, if all { Instant::FIRST } else { now }).await?;
    rows.retain(|r| (all || r.released_seq.is_none()) && after.is_none_or(|after| place(r) > after));
    rows.sort_by(|a, b| place(a).cmp(&place(b)));
    let limit = page.map_or(usize::MAX, |page| page.limit);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|r| format!("{}.{}.{}", r.start.seconds(), r.seq, r.id));
    let synthetic = desk.portfolio.definitions.synthetic;
    let reservations = rows.iter().map(|r| Reserved::new(r, now)).collect();
    Ok(List { schema: SCHEMA, engine: crate::ENGINE, synthetic, now, reservations, next })
}

/// The newest reservation of an id.
///
/// # Errors
/// Where there is none.
pub async fn get(desk: &Desk, id: &str, now: Instant) -> anyhow::Result<Reserved> {
    let found = reservations::get(&desk.store, id).await?.ok_or_else(|| none(id))?;
    Ok(Reserved::new(&found, now))
}

/// Gives a reservation's room back; released again, nothing changes.
///
/// # Errors
/// Where there is none, or it is over.
pub async fn release(desk: &Desk, id: &str, (now, record_time): (Instant, RecordTime)) -> anyhow::Result<Reserved> {
    let mut write = desk.store.write().await?;
    let found = reservations::get(&desk.store, id).await?.ok_or_else(|| none(id))?;
    if found.released_seq.is_some() {
        return Ok(Reserved::new(&found, now));
    }
    if now >= found.end {
        let what = format!("reservation `{id}` ended at {}: there is nothing to release", found.end);
        return Err(Fault::conflict(what).hint("leave it as it is").into());
    }
    reservations::release(&mut write, id, record_time).await?;
    write.commit().await?;
    get(desk, id, now).await
}

fn none(id: &str) -> Fault {
    Fault::no_such(format!("reservation `{id}`"))
        .hint("list them: hourmatch reservations list, or GET /v1/reservations")
}
