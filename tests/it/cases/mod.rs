//! Files as users had them, and what each is to come to.
//!
//! Others stand with their subject: readings beyond a limit, registers and readings of the future in `door`; ends a second
//! short, negative generation and meters off the hour in `metered`; days on which clocks change in `clocks`; certificates
//! over the same production in `certified`; lists of work in `work_lists`.

mod bills;
mod ends;
mod labels;
mod names;
mod written;
