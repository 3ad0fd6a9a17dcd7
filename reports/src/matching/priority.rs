//! Sites in the contract's listed order, each taking all it can use.

pub fn split(supply: i64, needs: &[i64]) -> Vec<i64> {
    let mut left = supply;
    needs
        .iter()
        .map(|need| {
            let part = left.min(*need);
            left -= part;
            part
        })
        .collect()
}
