use std::io::BufRead;
use wiredesk::normalise::caption;
use wiredesk::wire::*;
fn main() {
    for l in std::io::stdin().lock().lines() {
        let v: serde_json::Value = serde_json::from_str(&l.unwrap()).unwrap();
        let m =
            WireMedia { caption: Some(WireText::plain(v["raw"].as_str().unwrap())), ..Default::default() };
        println!(
            "{}",
            serde_json::json!({"id": v["id"], "raw": v["raw"], "gold": v["gold"], "got": caption::read(&[m], None)})
        );
    }
}
