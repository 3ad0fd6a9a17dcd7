//! What the file says about itself in XMP: title, author, program, and that it is tagged after PDF/UA-1.

/// What a reader shows about the file.
pub struct Meta<'a> {
    pub title: &'a str,
    pub author: Option<&'a str>,
    pub subject: &'a str,
    /// Name and version of the program.
    pub engine: &'a str,
}

pub fn xmp(meta: &Meta<'_>) -> String {
    let author = meta.author.map_or_else(String::new, |author| {
        format!("<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>\n", escaped(author))
    });
    let (title, subject, engine) = (escaped(meta.title), escaped(meta.subject), escaped(meta.engine));
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
         xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n\
         <pdfuaid:part>1</pdfuaid:part>\n\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\n\
         {author}\
         <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{subject}</rdf:li></rdf:Alt></dc:description>\n\
         <dc:language><rdf:Bag><rdf:li>en</rdf:li></rdf:Bag></dc:language>\n\
         <xmp:CreatorTool>{engine}</xmp:CreatorTool>\n\
         <pdf:Producer>{engine}</pdf:Producer>\n\
         </rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}

/// Text between two tags; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() => {}
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_the_metadata() {
        let meta = Meta { title: "A & B <C>\u{0}", author: Some("D > E"), subject: "F\nG", engine: "test" };
        let text = xmp(&meta);
        let read = roxmltree::Document::parse(&text).expect("XML");
        let of = |name: &str| {
            let node = read.descendants().find(|node| node.tag_name().name() == name).expect("node");
            node.descendants().filter(roxmltree::Node::is_text).filter_map(|node| node.text()).collect::<String>()
        };
        assert_eq!(of("part"), "1");
        assert_eq!((of("title"), of("creator"), of("description")), ("A & B <C>".into(), "D > E".into(), "F G".into()));
    }
}
