//! XMP packets that do not fit into one segment of a JPEG file (XMP specification part 3, 1.1.3.1: a main packet and an extension
//! that it names; together they are the metadata).

use md5::{Digest, Md5};

/// Name of the property that names the extension, before its value.
const NOTE: &str = "xmpNote:HasExtendedXMP=\"";

/// A packet in two parts.
#[derive(Debug)]
pub(super) struct Extension<'a> {
    /// What the main packet is then: it only names the extension.
    pub(super) main: String,
    /// MD5 of the content, 32 digits.
    pub(super) name: String,
    /// All of the packet without its wrapper.
    pub(super) content: &'a [u8],
}

impl<'a> Extension<'a> {
    /// All of a packet as an extension.
    pub(super) fn new(packet: &'a [u8]) -> Self {
        let content = without_wrapper(packet);
        let digest = Md5::digest(content);
        let name: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        Self {
            main: only_naming(&name),
            name,
            content,
        }
    }
}

/// A main packet that does nothing but name its extension.
fn only_naming(name: &str) -> String {
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" {NOTE}{name}\"/>\
         </rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"
    )
}

/// One packet from a main packet and the pieces of its extension, and whether it is the whole. What belongs to another packet is no
/// piece of this.
pub(super) fn joined(main: Option<&[u8]>, pieces: &[&[u8]]) -> (Option<Vec<u8>>, bool) {
    let Some(main) = main else {
        return (None, pieces.is_empty());
    };
    let named = std::str::from_utf8(main).ok().and_then(extension_name);
    match (std::str::from_utf8(main), named) {
        (Ok(text), Some(name)) => {
            let joined = extension(name, pieces).and_then(|extension| join(text, name, &extension));
            let whole = joined.is_some();
            (Some(joined.unwrap_or_else(|| main.to_vec())), whole)
        }
        _ => (Some(main.to_vec()), true),
    }
}

fn extension_name(main: &str) -> Option<&str> {
    let (_, after) = main.split_once(NOTE)?;
    after.split_once('"').map(|(name, _)| name)
}

/// The extension of this name, when all of it is there. Each piece: name, length of the whole, offset, content.
fn extension(name: &str, pieces: &[&[u8]]) -> Option<Vec<u8>> {
    let mut parts: Vec<(usize, usize, &[u8])> = Vec::new();
    for piece in pieces {
        let (head, content) = piece.split_at_checked(40)?;
        let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
        if head[..32] == *name.as_bytes() {
            parts.push((number(36)? as usize, number(32)? as usize, content));
        }
    }
    parts.sort_unstable();
    let mut whole = Vec::new();
    for (offset, _, content) in &parts {
        if *offset != whole.len() {
            return None;
        }
        whole.extend_from_slice(content);
    }
    let length = parts.first()?.1;
    (whole.len() == length).then_some(whole)
}

/// Puts the extension's descriptions among the main packet's. Where either declares names at a place that this would leave, it
/// cannot be done; writers declare them at each description.
fn join(main: &str, name: &str, extension: &[u8]) -> Option<Vec<u8>> {
    if main == only_naming(name) {
        return Some(extension.to_vec());
    }
    let extension = std::str::from_utf8(extension).ok()?;
    let (opening, content) = inside_rdf(extension)?;
    if opening.matches("xmlns:").count() > 1 {
        return None;
    }
    let note = format!("{NOTE}{name}\"");
    let main = main.replacen(&note, "", 1);
    let (before, after) = main.rsplit_once("</rdf:RDF>")?;
    Some(format!("{before}{content}</rdf:RDF>{after}").into_bytes())
}

/// The opening tag and the content of the only element `rdf:RDF`.
fn inside_rdf(packet: &str) -> Option<(&str, &str)> {
    let (_, rest) = packet.split_once("<rdf:RDF")?;
    let (opening, rest) = rest.split_once('>')?;
    let (content, _) = rest.rsplit_once("</rdf:RDF>")?;
    Some((opening, content))
}

/// A packet without the instructions around it and the blanks that leave room for editing.
fn without_wrapper(packet: &[u8]) -> &[u8] {
    let start = find(packet, b"<?xpacket begin").and_then(|at| {
        let end = find(&packet[at..], b"?>")?;
        Some(at + end + 2)
    });
    let end = find(packet, b"<?xpacket end");
    match (start, end) {
        (Some(start), Some(end)) if start <= end => packet[start..end].trim_ascii(),
        _ => packet,
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
