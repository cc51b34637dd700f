//! Links that lead to a place by name: the names belong to the file, so in a pack each link says the place itself.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

/// Nodes of a tree of names that are looked at; more are a circle.
const MOST_NODES: usize = 10_000;

/// Replaces names by places in all links of a document. A name that leads nowhere stays.
pub(super) fn spell_out(document: &mut Document) {
    let places = places(document);
    if places.is_empty() {
        return;
    }
    let named = |object: &Object| -> Option<Object> {
        let name = match object {
            Object::Name(name) | Object::String(name, _) => name,
            _ => return None,
        };
        places.get(name).cloned()
    };
    let ids: Vec<ObjectId> = document.objects.keys().copied().collect();
    for id in ids {
        if let Some(object) = document.objects.get_mut(&id) {
            respell(object, &named, 0);
        }
    }
}

fn respell(object: &mut Object, named: &dyn Fn(&Object) -> Option<Object>, depth: u8) {
    // Deeper than an action within an annotation within a list lies no link.
    if depth > 4 {
        return;
    }
    match object {
        Object::Array(values) => values
            .iter_mut()
            .for_each(|value| respell(value, named, depth + 1)),
        Object::Dictionary(dict) => {
            let is_link = dict
                .get(b"Subtype")
                .and_then(Object::as_name)
                .is_ok_and(|name| name == b"Link");
            let is_jump = dict
                .get(b"S")
                .and_then(Object::as_name)
                .is_ok_and(|name| name == b"GoTo");
            for (key, is_place) in [(&b"Dest"[..], is_link), (b"D", is_jump)] {
                let place = dict.get(key).ok().filter(|_| is_place).and_then(named);
                if let Some(place) = place {
                    dict.set(key, place);
                }
            }
            dict.iter_mut()
                .for_each(|(_, value)| respell(value, named, depth + 1));
        }
        _ => {}
    }
}

/// All named places of a document.
fn places(document: &Document) -> HashMap<Vec<u8>, Object> {
    let mut places = HashMap::new();
    let Ok(catalog) = document.catalog() else {
        return places;
    };
    if let Ok(old) = catalog
        .get_deref(b"Dests", document)
        .and_then(Object::as_dict)
    {
        for (name, place) in old {
            if let Some(place) = place_of(document, place) {
                places.insert(name.clone(), place);
            }
        }
    }
    let tree = catalog
        .get_deref(b"Names", document)
        .and_then(Object::as_dict)
        .and_then(|names| names.get_deref(b"Dests", document))
        .and_then(Object::as_dict);
    let mut nodes: Vec<&Dictionary> = tree.into_iter().collect();
    let mut seen = 0;
    while let (Some(node), true) = (nodes.pop(), seen < MOST_NODES) {
        seen += 1;
        let array = |key: &[u8]| node.get_deref(key, document).and_then(Object::as_array);
        for [name, place] in array(b"Names")
            .into_iter()
            .flat_map(|names| names.as_chunks::<2>().0)
        {
            if let (Ok(name), Some(place)) = (name.as_str(), place_of(document, place)) {
                places.insert(name.to_vec(), place);
            }
        }
        for kid in array(b"Kids").into_iter().flatten() {
            let kid = document.dereference(kid).and_then(|(_, kid)| kid.as_dict());
            nodes.extend(kid);
        }
    }
    places
}

/// A place: an array, or a dictionary that holds one.
fn place_of(document: &Document, object: &Object) -> Option<Object> {
    let (_, object) = document.dereference(object).ok()?;
    match object {
        Object::Array(_) => Some(object.clone()),
        Object::Dictionary(dict) => {
            let place = dict.get_deref(b"D", document).ok()?;
            matches!(place, Object::Array(_)).then(|| place.clone())
        }
        _ => None,
    }
}
