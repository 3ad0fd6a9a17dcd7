//! Edges of a transport that are free to give and take, kept as a forest: an edge that would close a cycle is not added
//! before flow has been sent around it until some edge of it is at a bound. Sums at nodes stay as they are.
//!
//! Nodes below `cells` last; others come and go. Edges lead from the side of pieces down to the side of cells.

/// Flow this near a bound, as a part of the bound's size, is at it.
const AT_BOUND: f64 = 1e-9;

const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    /// Nodes: the side of pieces, the side of cells.
    pub from: u32,
    pub to: u32,
    pub flow: f64,
    pub lower: f64,
    pub upper: f64,
    /// Per unit of flow.
    pub cost: f64,
    /// What the owner calls it.
    pub name: usize,
}

impl Edge {
    fn at_bound(&self) -> bool {
        let near = AT_BOUND * if self.upper.is_finite() { self.upper } else { self.flow.max(1.0) };
        self.flow - self.lower <= near || self.upper - self.flow <= near
    }

    /// How far it can go in a direction.
    fn room(&self, up: bool) -> f64 {
        if up { self.upper - self.flow } else { self.flow - self.lower }
    }
}

pub(super) struct Forest {
    cells: usize,
    /// By node: its parent and the edge to it; the edges of nodes that do not last.
    parent: Vec<(u32, u32)>,
    edges_of: Vec<Vec<u32>>,
    edges: Vec<Edge>,
    free_nodes: Vec<u32>,
    free_edges: Vec<u32>,
    mark: Vec<u32>,
    marked: u32,
    path: Vec<(u32, bool)>,
    /// Edges that are settled: at a bound, or free alone.
    pub settled: Vec<Edge>,
}

impl Forest {
    pub fn new(cells: usize) -> Forest {
        Forest {
            cells,
            parent: vec![(NONE, NONE); cells],
            edges_of: vec![Vec::new(); cells],
            edges: Vec::new(),
            free_nodes: Vec::new(),
            free_edges: Vec::new(),
            mark: vec![0; cells],
            marked: 0,
            path: Vec::new(),
            settled: Vec::new(),
        }
    }

    pub fn node(&mut self) -> u32 {
        if let Some(node) = self.free_nodes.pop() {
            return node;
        }
        self.parent.push((NONE, NONE));
        self.edges_of.push(Vec::new());
        self.mark.push(0);
        (self.parent.len() - 1) as u32
    }

    pub fn add(&mut self, edge: Edge) {
        if edge.at_bound() {
            self.settled.push(edge);
            return;
        }
        let id = match self.free_edges.pop() {
            Some(id) => {
                self.edges[id as usize] = edge;
                id
            }
            None => {
                self.edges.push(edge);
                (self.edges.len() - 1) as u32
            }
        };
        if self.find_path(edge.from, edge.to) {
            self.send(id);
        }
        // What is still free joins, now that no path is left between its ends.
        if self.edges[id as usize].at_bound() {
            self.settle(id);
        } else {
            self.link(id);
        }
    }

    /// The path between two nodes of one tree: its edges, and whether they lead down as one goes from `to` to `from`.
    fn find_path(&mut self, from: u32, to: u32) -> bool {
        self.marked += 1;
        let mut node = from;
        loop {
            self.mark[node as usize] = self.marked;
            match self.parent[node as usize].0 {
                NONE => break,
                parent => node = parent,
            }
        }
        self.path.clear();
        let mut node = to;
        while self.mark[node as usize] != self.marked {
            let (parent, edge) = self.parent[node as usize];
            if parent == NONE {
                return false;
            }
            self.path.push((edge, self.edges[edge as usize].from == node));
            node = parent;
        }
        let (meeting, first) = (node, self.path.len());
        node = from;
        while node != meeting {
            let (parent, edge) = self.parent[node as usize];
            self.path.push((edge, self.edges[edge as usize].to == node));
            node = parent;
        }
        self.path[first..].reverse();
        true
    }

    /// Sends flow around the cycle of a new edge and the path: the way that costs less, else the shorter way.
    fn send(&mut self, id: u32) {
        let cycle = || std::iter::once((id, true)).chain(self.path.iter().copied());
        let (mut cost, mut size) = (0.0, 0.0);
        let (mut with, mut against) = (f64::INFINITY, f64::INFINITY);
        for (edge, down) in cycle() {
            let edge = &self.edges[edge as usize];
            cost += if down { edge.cost } else { -edge.cost };
            size += edge.cost.abs();
            with = with.min(edge.room(down));
            against = against.min(edge.room(!down));
        }
        let even = cost.abs() <= 1e-12 * size;
        let forward = if even { with <= against } else { cost < 0.0 };
        let amount = if forward { with } else { -against };
        let moves: Vec<(u32, bool)> = cycle().collect();
        for (edge, down) in moves {
            let edge = &mut self.edges[edge as usize];
            edge.flow = (edge.flow + if down { amount } else { -amount }).clamp(edge.lower, edge.upper);
        }
        let path = std::mem::take(&mut self.path);
        for &(edge, _) in &path {
            if self.edges[edge as usize].at_bound() {
                self.cut(edge);
            }
        }
        self.path = path;
    }

    fn settle(&mut self, id: u32) {
        self.settled.push(self.edges[id as usize]);
        self.free_edges.push(id);
    }

    fn link(&mut self, id: u32) {
        let Edge { from, to, .. } = self.edges[id as usize];
        self.root(from);
        self.parent[from as usize] = (to, id);
        for node in [from, to] {
            if node as usize >= self.cells {
                self.edges_of[node as usize].push(id);
            }
        }
    }

    /// Makes a node the root of its tree.
    fn root(&mut self, node: u32) {
        let (mut node, mut above) = (node, (NONE, NONE));
        while node != NONE {
            let (parent, edge) = self.parent[node as usize];
            self.parent[node as usize] = above;
            above = (node, edge);
            node = parent;
        }
    }

    fn cut(&mut self, id: u32) {
        let Edge { from, to, .. } = self.edges[id as usize];
        let child = if self.parent[from as usize] == (to, id) { from } else { to };
        self.parent[child as usize] = (NONE, NONE);
        for node in [from, to] {
            self.edges_of[node as usize].retain(|edge| *edge != id);
        }
        self.settle(id);
    }

    /// Settles a node that does not last as far as it no longer joins two others.
    pub fn prune(&mut self, node: u32) {
        let mut next = Some(node);
        while let Some(node) = next.take() {
            if (node as usize) < self.cells || self.edges_of[node as usize].len() > 1 {
                return;
            }
            if let Some(&id) = self.edges_of[node as usize].first() {
                let Edge { from, to, .. } = self.edges[id as usize];
                self.cut(id);
                next = Some(if from == node { to } else { from });
            }
        }
    }

    /// Gives a node back if nothing joins it any more.
    pub fn release(&mut self, node: u32) {
        if self.edges_of[node as usize].is_empty() {
            self.free_nodes.push(node);
        }
    }

    /// What is left free at the end is settled as it is.
    pub fn finish(&mut self) {
        for node in self.cells..self.parent.len() {
            while let Some(&id) = self.edges_of[node].first() {
                self.cut(id);
            }
        }
    }
}
