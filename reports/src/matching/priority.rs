//! Sites in the contract's listed order, each taking all it can use.

pub fn split(supply: i64, needs: &[i64]) -> Vec<i64> {
    let mut left = supply;
    let take = |need: &i64| {
        let part = left.min(*need);
        left -= part;
        part
    };
    needs.iter().map(take).collect()
}
