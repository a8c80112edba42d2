use std::io::Write;
use wiredesk::{format, normalise::*, wire::Delivery};
fn main() {
    let list = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in list.lines() {
        let d = Delivery {
            bytes: std::fs::read(file).unwrap(),
            received: "2024-03-20T12:00:00Z".parse().unwrap(),
            ..Default::default()
        };
        let p = match format::read(&d, None) {
            Ok(p) => p,
            Err(e) => {
                eprintln!("{file}: {e}");
                continue;
            }
        };
        let c = normalise(p, &House::default(), &Origin { url: None, received: d.received });
        if let Some(it) = c.items.first() {
            let mut j = serde_json::to_value(it).unwrap();
            j["file"] = file.into();
            writeln!(out, "{j}").unwrap();
        }
    }
}
