//! Callouts, `> [!tip]- Title`: quotations with a type, a title and optional folding. Also the size
//! after the bar of an image.

use pulldown_cmark::BlockQuoteKind;

use super::{Builder, Frame};
use crate::model::{Alert, Node, Tag, Width};

impl Builder<'_> {
    /// Converts the quotation that has ended to a callout, if its first line says so.
    pub(super) fn callout(&mut self, frame: &Frame) {
        let items = &mut self.out.body.items;
        let start = frame.start;
        let is_quote = matches!(items[start].node, Node::Start(Tag::Quote(None)));
        let opens = |at: usize| items.get(at).map(|item| &item.node);
        if !is_quote || opens(start + 1) != Some(&Node::Start(Tag::Paragraph)) {
            return;
        }
        // The brackets are separate texts, followed by the rest of the line.
        let text = |at: usize| match opens(at) {
            Some(Node::Text(text)) => Some(text.as_ref()),
            _ => None,
        };
        let (Some("["), Some(word), Some(rest)) =
            (text(start + 2), text(start + 3), text(start + 4))
        else {
            return;
        };
        let kind = word.strip_prefix('!').unwrap_or("").trim().to_lowercase();
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
        let Some(rest) = rest.strip_prefix(']') else {
            return;
        };
        // `[!note|wide]` has settings after the bar, which only Obsidian uses.
        let kind = kind.split('|').next().unwrap_or("").trim().to_owned();
        if kind.is_empty() || !kind.chars().all(is_word) {
            return;
        }
        let is_open = match rest.chars().next() {
            Some('-') => Some(false),
            Some('+') => Some(true),
            _ => None,
        };
        let rest = rest.trim_start_matches(['-', '+']).trim_start().to_owned();
        // The first line ends with the paragraph, or at a line end in it.
        let mut depth = 0usize;
        let mut end = start + 5;
        loop {
            match opens(end) {
                Some(Node::SoftBreak | Node::HardBreak) if depth == 0 => break,
                Some(Node::End) if depth == 0 => break,
                Some(Node::End) => depth -= 1,
                Some(Node::Start(_)) => depth += 1,
                Some(_) => {}
                None => return,
            }
            end += 1;
        }
        let is_untitled = rest.is_empty() && end == start + 5;
        let title = if is_untitled {
            let mut letters = kind.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect()
        } else {
            rest
        };
        let goes_on = !matches!(opens(end), Some(Node::End));
        items[start].node = Node::Start(Tag::Callout {
            kind: kind.replace(' ', "-").into(),
            is_open,
        });
        items[start + 1].node = Node::Start(Tag::CalloutTitle);
        items[start + 3].node = Node::Text("".into());
        items[start + 4].node = Node::Text(title.into());
        if goes_on {
            // The item of the bracket becomes the start of the rest of the paragraph, so that later
            // indices stay valid.
            let mut paragraph = items.remove(start + 2);
            paragraph.node = Node::Start(Tag::Paragraph);
            paragraph.span = items[end - 1].span;
            items[end - 1].node = Node::End;
            items.insert(end, paragraph);
        } else {
            items[start + 2].node = Node::Text("".into());
        }
    }

    /// Reads the size after the bar of an image: `![[map.png|The map|300x200]]`.
    pub(super) fn width(&mut self, frame: &Frame) {
        let items = &mut self.out.body.items;
        let Some(Node::Text(words)) = items.get(frame.start + 1..).and_then(|inside| {
            let [only] = inside else { return None };
            Some(&only.node)
        }) else {
            return;
        };
        let (shown, size) = match words.rsplit_once('|') {
            Some((shown, size)) => (shown.trim_end_matches('\\').trim(), size.trim()),
            None => ("", words.trim()),
        };
        let (width, height) = match size.split_once('x') {
            Some((width, height)) => (width, Some(height)),
            None => (size, None),
        };
        let number = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse::<u16>().ok()).flatten()
        };
        let Some(wide) = number(width) else {
            return;
        };
        let tall = match height.map(number) {
            Some(None) => return,
            Some(tall) => tall,
            None => None,
        };
        let shown: Box<str> = shown.into();
        if let Node::Start(Tag::Image(image)) = &mut items[frame.start].node {
            image.width = Some(Width { wide, tall });
            if shown.is_empty() {
                items.truncate(frame.start + 1)
            } else {
                items[frame.start + 1].node = Node::Text(shown)
            }
        }
    }
}

/// Converts a kind of GitHub alert.
pub(super) fn alert(kind: BlockQuoteKind) -> Alert {
    match kind {
        BlockQuoteKind::Note => Alert::Note,
        BlockQuoteKind::Tip => Alert::Tip,
        BlockQuoteKind::Important => Alert::Important,
        BlockQuoteKind::Warning => Alert::Warning,
        BlockQuoteKind::Caution => Alert::Caution,
    }
}
