//! What pieces couple, whichever way they are eliminated; and their rows of energy, where those stay in the system.

use super::cells_first::CellsFirst;
use super::gram::Gram;
use super::part::Part;
use super::rest::Rest;
use super::shape::Shape;
use super::system::System;

pub(super) enum Coupled {
    PiecesFirst(Gram),
    CellsFirst(CellsFirst),
}

impl Coupled {
    /// None where the system has no place for it.
    pub fn new(shape: &Shape, rest: &Rest, system: &System) -> Option<Coupled> {
        Some(match shape.keeps_energies {
            true => Coupled::CellsFirst(CellsFirst::new(shape, rest, system)?),
            false => Coupled::PiecesFirst(Gram::new(shape)),
        })
    }

    /// Adds it to the system.
    pub fn add(&mut self, (shape, rest): (&Shape, &Rest), parts: &[Part], system: &mut System) {
        match self {
            Coupled::CellsFirst(cells) => cells.add((shape, rest), parts, system),
            Coupled::PiecesFirst(gram) => {
                gram.sum(shape, parts);
                gram.scatter(rest, system);
            }
        }
    }
}

/// Right sides of energies, where the system has rows of them.
pub(super) fn put_energy_sides(sides: &mut [f64], (shape, rest): (&Shape, &Rest), parts: &[Part]) {
    for part in parts.iter().filter(|_| shape.keeps_energies) {
        let mine = shape.pieces[part.pieces.clone()].iter().zip(part.energy_sides());
        mine.for_each(|(piece, side)| sides[rest.energy(piece.work)] = *side);
    }
}

/// Tells pieces what the system says of their energies, where it does.
pub(super) fn take_energies(parts: &mut [Part], (shape, rest): (&Shape, &Rest), rows: &[f64]) {
    for part in parts.iter_mut().filter(|_| shape.keeps_energies) {
        let mine = &shape.pieces[part.pieces.clone()];
        part.set_energy_steps(mine.iter().map(|piece| rows[rest.energy(piece.work)]));
    }
}
