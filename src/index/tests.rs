//! What is put into the index and taken out of it, on folders of their own and in memory.

use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

use super::*;
use crate::item::NewsItem;
use crate::store::DeliveryId;

#[test]
fn what_a_cut_off_writer_left_is_in_nobodys_way() {
    let dir = tempfile::tempdir().unwrap();
    let mut index = Index::open(dir.path(), Settings::default()).unwrap();
    take(&mut index, &[revision(1, "a", "one"), revision(2, "b", "two")]);
    index.commit(Seq(2)).unwrap();
    index.settle().unwrap();
    let living = |dir: &Path| {
        let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = living(dir.path());
    let segment = index.inner.searchable_segment_ids().unwrap()[0].uuid_string();
    drop(index);
    for left in [format!("{segment}.9.del"), "0123456789abcdef0123456789abcdef.idx".into()] {
        fs::write(dir.path().join(left), "half").unwrap();
    }
    let index = Index::open(dir.path(), Settings::default()).unwrap();
    assert_eq!((living(dir.path()), index.searcher().num_docs()), (before, 2));
}

fn revision(seq: u64, id: &str, headline: &str) -> Revision {
    let item = NewsItem { id: id.into(), headline: Some(headline.into()), ..NewsItem::default() };
    Revision { seq: Seq(seq), item, current: true, delivery: DeliveryId(1) }
}

fn take(index: &mut Index, revisions: &[Revision]) {
    revisions.iter().for_each(|revision| index.take(revision).unwrap());
}

fn with_word(index: &Index, word: &str) -> usize {
    let term = tantivy::Term::from_field_text(fields::field(fields::ALL), word);
    index.searcher().search(&TermQuery::new(term, IndexRecordOption::Basic), &Count).unwrap()
}

fn of(desk: &str) -> Settings {
    Settings { desk: desk.into(), ..Settings::default() }
}

#[test]
fn a_story_has_one_revision_in_it_and_what_was_not_committed_is_asked_for_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut index = Index::open(dir.path(), of("a")).unwrap();
    assert_eq!(index.position().unwrap(), Seq(0));
    take(&mut index, &[revision(1, "x", "flood"), revision(2, "x", "drought"), revision(3, "y", "flood")]);
    let superseded = Revision { current: false, ..revision(4, "y", "drought") };
    take(&mut index, &[superseded]);
    index.commit(Seq(4)).unwrap();
    take(&mut index, &[revision(5, "z", "storm")]);
    drop(index);
    let index = Index::open(dir.path(), of("a")).unwrap();
    assert_eq!(index.position().unwrap(), Seq(4));
    assert_eq!(["flood", "drought", "storm"].map(|word| with_word(&index, word)), [1, 1, 0]);
}

#[test]
fn a_reader_sees_commits_of_the_writer_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Index::open_read(dir.path()), Err(IndexError::Missing { .. })));
    assert!(matches!(Index::open_read(&dir.path().join("none")), Err(IndexError::Missing { .. })));
    let mut writer = Index::open(dir.path(), of("a")).unwrap();
    let reader = Index::open_read(dir.path()).unwrap();
    take(&mut writer, &[revision(1, "x", "flood")]);
    writer.commit(Seq(1)).unwrap();
    assert_eq!(with_word(&writer, "flood"), 1);
    reader.reload().unwrap();
    assert_eq!(with_word(&reader, "flood"), 1);
}

#[test]
fn an_index_that_is_of_no_use_is_made_anew() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 3] = [
        ("meta.json cut short", |dir| fs::write(dir.join("meta.json"), "{").unwrap()),
        ("other fields", |dir| {
            fs::remove_dir_all(dir).unwrap();
            fs::create_dir_all(dir).unwrap();
            let mut schema = tantivy::schema::Schema::builder();
            schema.add_text_field("body", tantivy::schema::TEXT);
            tantivy::Index::create_in_dir(dir, schema.build()).unwrap();
        }),
        ("another analyser", |dir| {
            let meta = fs::read_to_string(dir.join("meta.json")).unwrap();
            let now = format!("analyser\\\":{}", analyser::VERSION);
            assert!(meta.contains(&now), "{meta}");
            fs::write(dir.join("meta.json"), meta.replace(&now, "analyser\\\":0")).unwrap();
        }),
    ];
    for (name, damage) in damages {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::open(dir.path(), of("a")).unwrap();
        take(&mut index, &[revision(1, "x", "flood")]);
        index.commit(Seq(1)).unwrap();
        drop(index);
        damage(dir.path());
        assert!(Index::open_read(dir.path()).is_err(), "{name}");
        let index = Index::open(dir.path(), of("a")).unwrap();
        assert_eq!(index.position().unwrap(), Seq(0), "{name}");
    }
}

#[test]
fn an_index_of_another_desk_is_made_anew_and_flipped_bits_are_seen() {
    let dir = tempfile::tempdir().unwrap();
    let mut index = Index::open(dir.path(), of("a")).unwrap();
    take(&mut index, &[revision(1, "x", "flood")]);
    index.commit(Seq(1)).unwrap();
    index.settle().unwrap();
    assert!(index.damaged_files(dir.path()).unwrap().is_empty());
    let is_idx = |path: &Path| path.extension().is_some_and(|extension| extension == "idx");
    let file =
        fs::read_dir(dir.path()).unwrap().flatten().map(|entry| entry.path()).find(|path| is_idx(path));
    let file = file.unwrap();
    let mut bytes = fs::read(&file).unwrap();
    bytes[3] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert_eq!(index.damaged_files(dir.path()).unwrap().len(), 1);
    drop(index);
    assert_eq!(Index::open(dir.path(), of("b")).unwrap().position().unwrap(), Seq(0));
}

#[test]
fn after_a_refusal_the_next_revisions_get_a_new_writer() {
    let dir = tempfile::tempdir().unwrap();
    let mut index = Index::open(dir.path(), of("a")).unwrap();
    let lock =
        Index::open(dir.path(), of("a")).and_then(|mut other| other.writer().map(drop).map(|()| other));
    let other = lock.unwrap();
    let refused = index.take(&revision(1, "x", "flood")).unwrap_err();
    assert_eq!(refused.class(), "locked", "{refused}");
    drop(other);
    take(&mut index, &[revision(1, "x", "flood")]);
    index.commit(Seq(1)).unwrap();
    assert_eq!(with_word(&index, "flood"), 1);
}
