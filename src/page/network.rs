//! The network: who speaks about whom, as a diagram in two columns and as a table.
//!
//! Not a force-directed layout, because that would suggest groups which the record does not state.
//! Speakers on the left and subjects on the right show exactly what is recorded.

use serde::Serialize;

use super::components::{ActorLink, ClaimLine, PageHead, SiteHead};
use super::context::PageContext;
use super::position::stance_class;
use super::shared::Shared;
use crate::derive::Edge;
use crate::index::sort_orders::DRAWN;
use crate::model::{Actor, Id, Stance};
use crate::text::isolated;

/// The height of a row in the diagram.
const ROW: usize = 34;
/// The width of the diagram; names are left of 250 and right of 550.
const WIDTH: usize = 800;
const LEFT: usize = 250;
const RIGHT: usize = 550;

/// The view of `network.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NetworkView {
    pub page: PageHead,
    pub site: SiteHead,
    pub graph: Option<Graph>,
    /// True if the diagram has no room for all names; the table has all of them.
    pub is_cut: bool,
    pub rows: Vec<NetworkRow>,
}

/// A diagram in two columns. Lengths are in units of its view box.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Graph {
    pub width: usize,
    pub height: usize,
    pub speakers: Vec<GraphNode>,
    pub subjects: Vec<GraphNode>,
    pub edges: Vec<GraphEdge>,
    pub rows: Vec<NetworkRow>,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct GraphNode {
    pub x: usize,
    pub y: usize,
    /// Shortened to fit.
    pub label: String,
    pub actor: Shared<ActorLink>,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct GraphEdge {
    /// The `d` of its path.
    pub path: String,
    /// `says`, `part`, `denies` …: the most frequent stance.
    pub class: &'static str,
    /// 1 to 6, by the number of claims.
    pub width: usize,
    /// `United States about China: says so 1. United States: China did it (denied).`
    pub title: String,
}

/// A row of the table: who speaks about whom, and with which stances.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NetworkRow {
    pub speaker: Shared<ActorLink>,
    pub subject: Shared<ActorLink>,
    pub stances: Vec<StanceCount>,
    pub claims: Vec<Shared<ClaimLine>>,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct StanceCount {
    pub sign: String,
    pub class: &'static str,
    pub words: &'static str,
    pub count: usize,
}

pub fn view(at: &PageContext<'_>) -> NetworkView {
    let edges = &at.facts.network.edges;
    let drawn = &at.facts.orders.drawn;
    NetworkView {
        page: at.head(
            "Who speaks about whom",
            "Every party with a position, and whom it concerns.",
        ),
        site: at.site_head(),
        is_cut: drawn.len() < edges.len(),
        // The diagram is on the first page of the table.
        graph: if at.part.is_first() {
            graph(at, drawn)
        } else {
            None
        },
        rows: {
            let rows = at.part.slice(edges).iter();
            rows.map(|edge| row(at, edge)).collect()
        },
    }
}

/// Returns the part of the network around one actor.
pub fn around(at: &PageContext<'_>, id: Id<Actor>) -> Option<Graph> {
    let edges = &at.facts.edges[id.index()];
    graph(at, &edges[..edges.len().min(DRAWN)])
}

/// Returns the diagram of the edges with these indices.
fn graph(at: &PageContext<'_>, places: &[usize]) -> Option<Graph> {
    if places.is_empty() {
        return None;
    }
    let network = &at.facts.network.edges;
    let edges: Vec<&Edge> = places.iter().map(|place| &network[*place]).collect();
    let mut speakers: Vec<Id<Actor>> = Vec::new();
    let mut subjects: Vec<Id<Actor>> = Vec::new();
    for edge in &edges {
        if !speakers.contains(&edge.speaker) {
            speakers.push(edge.speaker);
        }
        if !subjects.contains(&edge.subject) {
            subjects.push(edge.subject);
        }
    }
    let most = speakers.len().max(subjects.len());
    let height = most * ROW + ROW;
    let y = |place: usize, of: usize| ROW / 2 + (place * 2 + 1) * (height - ROW) / (of * 2);
    let node = |id: Id<Actor>, x: usize, y: usize| GraphNode {
        x,
        y,
        label: super::context::shortened(&at.site.actors()[id].name, 30),
        actor: at.actor(id),
    };
    let lines = edges.iter().map(|edge| {
        let from = speakers
            .iter()
            .position(|id| *id == edge.speaker)
            .unwrap_or(0);
        let to = subjects
            .iter()
            .position(|id| *id == edge.subject)
            .unwrap_or(0);
        let (from, to) = (y(from, speakers.len()), y(to, subjects.len()));
        let (a, b) = (LEFT + 10, RIGHT - 10);
        let bend = (b - a) / 2;
        let most = edge.counts.iter().max_by_key(|(_, count)| *count);
        let stance = most.map_or(Stance::Acknowledges, |(stance, _)| *stance);
        GraphEdge {
            path: format!("M{a} {from}C{} {from} {} {to} {b} {to}", a + bend, b - bend),
            class: stance_class(stance),
            width: edge.claims.len().clamp(1, 6),
            title: title(at, edge),
        }
    });
    let edges_drawn = lines.collect();
    let column = |ids: &[Id<Actor>], x: usize| {
        let nodes = ids.iter().enumerate();
        nodes
            .map(|(place, id)| node(*id, x, y(place, ids.len())))
            .collect()
    };
    Some(Graph {
        width: WIDTH,
        height,
        speakers: column(&speakers, LEFT),
        subjects: column(&subjects, RIGHT),
        edges: edges_drawn,
        rows: edges.iter().map(|edge| row(at, edge)).collect(),
    })
}

/// Claims that the title of an edge gives in full; the table has all of them.
const TITLED: usize = 3;

/// Returns who speaks about whom and how, and the claims with their owners and statuses.
fn title(at: &PageContext<'_>, edge: &Edge) -> String {
    let counts = edge
        .counts
        .iter()
        .map(|(stance, count)| format!("{} {count}", stance.in_words()));
    let mut title = format!(
        "{} about {}: {}.",
        isolated(&at.site.actors()[edge.speaker].name),
        isolated(&at.site.actors()[edge.subject].name),
        counts.collect::<Vec<_>>().join(", ")
    );
    for (claim, _) in edge.claims.iter().take(TITLED) {
        title.push_str(&format!(" {}.", at.with_owner(*claim)));
    }
    if edge.claims.len() > TITLED {
        let more = edge.claims.len() - TITLED;
        title.push_str(&format!(" And {more} more."));
    }
    title
}

fn row(at: &PageContext<'_>, edge: &Edge) -> NetworkRow {
    NetworkRow {
        speaker: at.actor(edge.speaker),
        subject: at.actor(edge.subject),
        stances: edge
            .counts
            .iter()
            .map(|(stance, count)| StanceCount {
                sign: stance.sign().unwrap_or(' ').to_string(),
                class: stance_class(*stance),
                words: stance.in_words(),
                count: *count,
            })
            .collect(),
        claims: edge
            .claims
            .iter()
            .map(|(claim, _)| at.claim(*claim))
            .collect(),
    }
}
